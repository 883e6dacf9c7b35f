#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace cctz {
class time_zone;
}

namespace drivers::tables {

/// The instants that a local time stands for: one as a rule, none when clocks were put forward over
/// it, two when they were put back over it.
struct Instants {
    std::optional<base::EventTime> first;
    std::optional<base::EventTime> second;
};

/// The rules by which a region sets its clocks, from the machine's time zone database.
class TimeZone {
  public:
    /// UTC.
    TimeZone() = default;

    /// "UTC", an IANA name like "Europe/Berlin", or a fixed distance like "+01:00". Misconfigured
    /// when the machine's database has no such name.
    static base::Result<TimeZone> find(const std::string& name);

    /// `local` is the local time, read as if it were UTC.
    Instants instants_of(base::EventTime local) const;

    /// The first of them; or, where clocks were put forward over the time, one soon after that.
    base::EventTime instant_of(base::EventTime local) const;

    /// What clocks show at an instant, as if it were UTC.
    base::EventTime local_of(base::EventTime instant) const;

    const std::string& name() const { return name_; }

    /// Whether both are the same region, or the same fixed distance.
    bool is_same(const TimeZone& other) const;

  private:
    std::string name_ = "UTC";
    std::chrono::minutes fixed_{0};
    std::shared_ptr<const cctz::time_zone> zone_;  // None: the fixed distance.
};

}  // namespace drivers::tables
