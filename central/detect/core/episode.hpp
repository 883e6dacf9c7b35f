#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "base/clock.hpp"
#include "central/detect/core/finding.hpp"

namespace detect {

/// A finding while it is open, and for a while after. Of constant size and trivially copyable: a
/// detector's state is saved as its bytes.
class Episode {
  public:
    /// What begins this soon after an end is the same again: a series that flaps is one event.
    static constexpr base::Duration kSoon = std::chrono::minutes{15};

    bool is_open() const { return is_open_; }
    base::EventTime from() const { return from_; }

    void open(base::EventTime from, base::EventTime at, double value) {
        const bool is_again = times_ > 0 && from - to_ <= kSoon;
        if (!is_again) {
            from_ = from;
            times_ = 0;
        }
        ++times_;
        is_open_ = true;
        to_ = at;
        if (!is_again) note(at, value);
    }
    /// It still holds.
    void go_on(base::EventTime to) { to_ = std::max(to_, to); }

    /// The same where nothing new tells so: false when that is not worth an update yet. What has
    /// held for days need not be told anew every minute.
    bool lasts_until(base::EventTime to) {
        if (to - to_ < (to - from_) / 32) return false;
        go_on(to);
        return true;
    }
    /// A reading that tells more than the one noted before.
    void note(base::EventTime at, double value) {
        at_ = at;
        value_ = value;
    }
    double value() const { return value_; }
    base::EventTime at() const { return at_; }
    void close(base::EventTime ended) {
        is_open_ = false;
        ended_ = ended;
    }

    Finding finding(Code code) const {
        Finding finding;
        finding.code = code;
        finding.from = from_;
        finding.to = to_;
        if (!is_open_) finding.ended = ended_;
        finding.at = at_;
        finding.value = value_;
        finding.times = times_;
        return finding;
    }

  private:
    base::EventTime from_;
    base::EventTime to_;
    base::EventTime ended_;
    base::EventTime at_;
    double value_ = 0;
    std::uint32_t times_ = 0;
    bool is_open_ = false;
};

}  // namespace detect
