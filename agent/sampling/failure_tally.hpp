#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "agent/sampling/timeline.hpp"
#include "delivery/records/failed_lines.hpp"
#include "delivery/records/flush.hpp"

namespace agent {

/// Counts every reading that failed, by series, reason and span of ten seconds, for the window that
/// it belongs to. A span is closed when its time is over; a failure that comes later begins another
/// count of the same span. Bounded: few reasons a series and span, and beyond kOpenMax counts all
/// are closed. Asks no clock.
class FailureTally {
  public:
    static constexpr base::Duration kSpan = std::chrono::seconds{10};
    static constexpr std::size_t kReasonsMax = 8;  // Of a series and span; the others are "other".
    static constexpr std::size_t kOpenMax = 1024;

    /// `series` as in wire::FailedColumn; `readings` is at least 1.
    void add(const std::string& series, std::string_view reason, std::uint64_t readings,
             const Stamp& stamp);

    /// Closes the spans that are over, and all whose times do not count as times do now.
    void close_until(const Stamp& now);
    /// Closes all of a sensor: its failures must not wait.
    void close(const std::string& sensor);
    void close_all();

    /// How many counts are closed and wait for add_to().
    std::size_t closed() const { return closed_count_; }

    /// Hands the closed counts over to the flush. `boot` names the boot of those that count from
    /// one.
    void add_to(delivery::Flush& flush, const std::string& boot);

  private:
    /// Failures of different clocks cannot share a record.
    using Clock = std::tuple<wire::ClockState, bool, std::uint32_t>;
    struct Group {
        Stamp like;  // Of one of its failures; all have its clock, boot and epoch.
        delivery::FailedCounts counts;
    };
    using Groups = std::map<Clock, Group>;

    static Clock clock_of(const Stamp& stamp);
    static bool has_too_many_reasons(const Group& group, const delivery::FailedKey& key);
    template <class Predicate>
    void close_if(Predicate is_over);

    Groups open_;
    std::size_t open_count_ = 0;
    Groups closed_;
    std::size_t closed_count_ = 0;
};

/// The word under which a failure is counted: printable UTF-8, 1 to wire::kFailedReasonBytesMax
/// bytes, without quoted text, and without digits but for those of a part ("dht11: no answer"), so
/// that there are few of them.
std::string counted_reason(std::string_view text);

}  // namespace agent
