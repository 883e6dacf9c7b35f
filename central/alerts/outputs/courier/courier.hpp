#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/backoff.hpp"
#include "base/clock.hpp"
#include "base/counters.hpp"
#include "central/alerts/core/alert.hpp"
#include "central/alerts/core/output.hpp"

namespace alerts {

struct CourierOptions {
    base::BackoffOptions backoff{.first = std::chrono::seconds{1},
                                 .longest = std::chrono::minutes{5}};

    /// How long a receiver may ask us to wait.
    base::Duration wait_max = std::chrono::hours{1};

    /// Tries of one form of an alert; 0: until it has arrived.
    std::uint32_t attempts_max = 0;

    /// How long news of an alert waits that was told before and is in the same state still. What
    /// opens and what closes goes at once.
    base::Duration update_every = std::chrono::minutes{10};

    std::size_t waiting_max = 1000;
};

/// What became of one try to bring an alert to its receiver.
struct Attempt {
    enum class Outcome : std::uint8_t {
        delivered,
        failed,   // Try again later: the receiver is away, or overloaded.
        refused,  // It will never take this.
    };
    Outcome outcome = Outcome::delivered;
    std::string reason{};  // Why not, for people.
    /// How long the receiver wants to be left alone.
    std::optional<base::Duration> wait{};
};

/// Decides which alert goes next to a receiver that takes one at a time, and when. Keeps the newest
/// form of each alert until it has arrived or is given up, and counts what becomes of all. Never
/// holds more than waiting_max alerts; sends nothing itself and asks no clock.
class Courier {
  public:
    /// `output`: whose it is, in counters and in the log: "webhook/ntfy.sh".
    Courier(std::string output, CourierOptions options, base::Counters& counters,
            std::uint64_t seed);

    /// While it is quiet, only what is critical is tried.
    void keep_quiet(bool is_quiet) { is_quiet_ = is_quiet; }

    /// Takes a form of an alert in place of an older one. One that is silenced goes nowhere, unless
    /// it is the end, and counts as delivered.
    void offer(const Alert& alert);

    /// The alert to try now, which is then under way until finish(); nullptr when none is due.
    const Alert* begin(base::Instant now);

    bool is_under_way() const { return under_way_.has_value(); }

    void finish(const Attempt& attempt, base::Instant now);

    std::vector<Delivered> take_delivered();

    std::size_t waiting() const { return waiting_.size(); }

    /// Why the last try failed, for people; empty after one that did not.
    const std::string& trouble() const { return trouble_; }

  private:
    struct Letter {
        Alert alert;
        std::uint32_t attempts = 0;
    };
    struct Told {
        State state = State::open;
        base::Instant at;
    };

    std::deque<Letter>::iterator find(const std::string& id);
    void withhold(const Alert& alert);
    bool is_due(const Letter& letter, base::Instant now) const;
    void note_delivered(const Letter& letter, base::Instant now);
    void try_later(Letter letter, const Attempt& attempt, base::Instant now);
    void give_up(const Letter& letter, const char* word, const std::string& reason);
    base::Counter& counter(const char* name, const char* help) const;

    std::string output_;
    CourierOptions options_;
    base::Counters& counters_;
    base::Backoff backoff_;
    std::deque<Letter> waiting_;  // The one to go first stands first; one for each alert.
    std::optional<Letter> under_way_;
    std::map<std::string, Told> told_;  // Of alerts that are not closed.
    std::vector<Delivered> delivered_;
    base::Instant next_at_{};
    bool is_quiet_ = false;
    std::string trouble_;
};

}  // namespace alerts
