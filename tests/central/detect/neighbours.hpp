#pragma once

#include <cmath>
#include <cstdint>
#include <map>
#include <numbers>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "central/detect/drift/hour.hpp"

namespace detect_test {

using namespace std::chrono_literals;

/// Midnight UTC.
constexpr base::EventTime kBegin{20'000 * 24h};

/// Rooms that share the weather: a daily rhythm, days that are warmer or colder than others, and
/// of each its own offset, noise, and share of the rhythm.
class Rooms {
  public:
    explicit Rooms(std::uint64_t seed) : random_(seed) {}

    detect::drift::Member& add(const std::string& name, const std::string& location = "/house") {
        offsets_.push_back(6 * random_.unit() - 3);
        shares_.push_back(0.8 + 0.4 * random_.unit());
        faults.push_back(0);
        members.push_back({.subject = {.name = name + "/climate.temperature",
                                       .quantity = "temperature",
                                       .unit = "Cel",
                                       .period = 60s},
                           .location = location,
                           .resolution = 0.1,
                           .mean = {}});
        return members.back();
    }
    void add_many(std::size_t rooms) {
        for (std::size_t i = 0; i < rooms; ++i) add("room" + std::to_string(members.size()));
    }

    /// The mean of a room in the next hour, to a tenth of the resolution.
    double mean_of(std::size_t room) {
        const double rhythm = 3 * std::sin(2 * std::numbers::pi * hours() / 24);
        const double shared = shares_[room] * (rhythm + weather_);
        const double value = 20 + offsets_[room] + shared + 0.1 * random_.normal();
        return std::round((value + faults[room]) * 100) / 100;
    }
    double hours() const { return static_cast<double>((hour - kBegin) / 1h); }
    double days() const { return hours() / 24; }

    /// One hour of all rooms; those in `away` have no reading.
    void pass_hour(const std::vector<std::size_t>& away = {}) {
        weather_ += 0.15 * random_.normal() - 0.005 * weather_;
        for (std::size_t i = 0; i < members.size(); ++i) members[i].mean = mean_of(i);
        for (const auto i : away) members[i].mean.reset();
        detect::drift::judge(hour, members);
        take_findings();
        hour += 1h;
    }
    void pass_days(int days) {
        for (int i = 0; i < 24 * days; ++i) pass_hour();
    }

    /// By the series; the newest form of each.
    std::map<std::string, std::map<base::EventTime, detect::Finding>> findings;
    std::vector<detect::drift::Member> members;
    std::vector<double> faults;  // What is added to the readings of each.
    base::EventTime hour = kBegin;

  private:
    void take_findings() {
        for (auto& member : members) {
            for (const auto& finding : member.findings) {
                findings[member.subject.name].insert_or_assign(finding.from, finding);
            }
            member.findings.clear();
        }
    }

    base::Random random_;
    std::vector<double> offsets_;
    std::vector<double> shares_;
    double weather_ = 0;
};

}  // namespace detect_test
