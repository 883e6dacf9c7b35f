#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "central/detect/core/episode.hpp"
#include "central/detect/core/finding.hpp"
#include "central/detect/core/glimpse.hpp"

namespace detect::drift {

/// What a series is compared with in one hour.
struct Comparison {
    base::EventTime start;         // Of the hour.
    double common = 0;             // What the neighbours have in common: see without_own().
    std::uint64_t neighbours = 0;  // Without the series itself.
    std::string place;             // Where they all are: "/house".
    double resolution = 0;         // Of the series; 0: not declared.
};

/// Finds a series that goes away from its neighbours over days. It learns how far from them the
/// series usually is, and how much that changes from day to day. Of constant size and trivially
/// copyable. The same hours give the same findings, however often it was saved in between.
class Drift {
  public:
    Drift() = default;

    /// What was saved; it begins anew when that has another form.
    explicit Drift(std::string_view state);

    /// Empty when it knows nothing.
    std::string save() const;

    /// Whether it knows how far the series is from its neighbours, be it roughly.
    bool has_begun() const { return has_begun_; }

    /// Whether it knows that well enough to judge.
    bool has_learned() const;

    /// Whether the series drifts now.
    bool is_open() const { return episode_.is_open(); }

    /// A counter, which goes its own way.
    bool only_rises() const { return rises_ > 50 && falls_ * 50 < rises_; }

    /// A mean of the series without what is always its own: what its neighbours have, too.
    double without_own(double mean) const;

    /// Notes the mean of an hour, so that a counter is known as one.
    void note(double mean);

    /// From now on the series is so far from its neighbours.
    void begin(double own);

    /// Compares an hour, after those before it.
    void see(const Subject& subject, const Comparison& hour, double mean,
             std::vector<Finding>& findings);

    /// Its neighbours in `place` are its neighbours no more: all that was known is void.
    void leave(const Subject& subject, const std::string& place, base::EventTime at,
               std::vector<Finding>& findings);

  private:
    enum class End : std::uint8_t { back, usual, moved };
    struct Day {
        std::int64_t number = 0;  // Since 1970.
        std::uint32_t hours = 0;
        double difference = 0;  // Sums over the hours.
        double mean = 0;
        double common = 0;
    };

    void end_day(const Subject& subject, const Comparison& hour, std::vector<Finding>& findings);
    bool judge(double difference, double mean, double scale);
    void add_up(double steps);
    void follow(double difference, double scale);
    void close(base::EventTime at, End end);
    void learn(double difference, double common, double most);
    double share() const;
    double scale(double resolution, double mean) const;
    base::EventTime day_end() const;
    Finding finding(const Subject& subject, const std::string& place) const;

    Episode episode_;
    Day day_;
    double own_ = 0;          // How far the series usually is from its neighbours.
    double changes_ = 0;      // By how much that changes from one day to the next, in the mean.
    double strays_ = 0;       // By how much a day lies off own_, in the mean.
    double weather_ = 0;      // What the neighbours usually have in common,
    double swing_ = 0;        // the variance of that from day to day,
    double together_ = 0;     // and its covariance with the difference.
    double before_ = 0;       // How far it was on the last day that was compared,
    std::int64_t last_ = 0;   // and which day that was.
    std::uint32_t days_ = 0;  // Compared while no event was open.
    std::uint32_t calm_ = 0;  // Days in a row that could end an event.
    double up_ = 0;           // Page's sums: how much speaks for a drift,
    double down_ = 0;
    std::int64_t up_since_ = 0;  // and since which day.
    std::int64_t down_since_ = 0;
    double difference_ = 0;         // On the last day of an event,
    std::uint64_t neighbours_ = 0;  // from so many.
    double steady_ = 0;             // A difference that it kept
    std::uint32_t steady_days_ = 0;
    std::uint32_t rises_ = 0;
    std::uint32_t falls_ = 0;
    double hour_before_ = 0;
    bool has_hour_ = false;
    bool has_begun_ = false;
    End end_ = End::back;
};

}  // namespace detect::drift
