#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "base/clock.hpp"
#include "central/alerts/core/alert.hpp"
#include "central/alerts/core/moment.hpp"
#include "central/alerts/core/silence.hpp"
#include "central/alerts/core/symptom.hpp"
#include "central/alerts/desk/rule.hpp"

namespace alerts {

struct DeskOptions {
    std::set<std::string> rules = default_rules();  // That are on.

    /// No rule waits longer than this before it opens or closes an alert.
    base::Duration wait_max = std::chrono::hours{1};

    /// What begins again so soon after its end is the same alert.
    base::Duration same_within = std::chrono::hours{1};

    /// How long nodes have to come back once the line is whole again, and after the start.
    base::Duration grace = std::chrono::minutes{5};

    /// Words that only change are told this often at most: a value that moves is no news.
    base::Duration words_every = std::chrono::minutes{15};

    /// Alerts that hold at once; more are refused and counted, and open when there is room.
    std::size_t open_max = 1'000;
};

/// Turns what is wrong into alerts: each opened once and closed when it has been gone for long
/// enough. What flaps stays one alert, and must be gone the longer the more often it came back.
/// Silence closes nothing: while a node is not heard its other alerts are unknown. Does no I/O,
/// asks no clock: the same calls give the same alerts.
class Desk {
  public:
    explicit Desk(DeskOptions options) : options_(std::move(options)) {}

    /// What there was before the start: alerts that hold, and those that ended lately.
    void restore(const std::vector<Alert>& alerts, Moment now);

    /// All that is wrong with a node at this moment; with the line when the name is empty. Where
    /// nobody could look, do not call it: what is not judged stays as it is.
    void judge(const std::string& node, const std::vector<Symptom>& symptoms, Moment now);

    /// Marks what the silences cover.
    void heed(const std::vector<Silence>& silences, Moment now);

    /// Forgets what ended too long ago to come back as the same.
    void forget(Moment now);

    /// Moves out every alert that has changed since the last call, in its newest form.
    std::vector<Alert> take_changed();

    /// The nodes of the alerts that hold.
    std::set<std::string> nodes() const;

    std::size_t open() const { return open_; }
    std::uint64_t refused() const { return refused_; }

  private:
    /// (node, series, code): one cause. However a node falls silent, it is one.
    using Key = std::tuple<std::string, std::string, std::string>;

    struct Case {
        std::optional<Alert> alert{};               // None: the symptom has yet to last.
        std::optional<base::Instant> seen_since{};  // While it waits to be opened.
        std::optional<base::Instant> gone_since{};  // While it waits to be closed.
        base::Instant told_at{};                    // When its words changed last,
        base::Instant ended_at{};                   // and when it was closed.
        bool is_refused = false;

        bool holds() const { return alert && alert->state != State::closed; }
    };

    /// What is known of the node of a symptom.
    struct Absence {
        bool is_seen = false;  // It is not heard at the moment;
        bool is_told = false;  // and the alert that says so holds.
    };

    static Key key_of(const Symptom& symptom);
    static bool is_absence(const Key& key) { return std::get<2>(key) == kNodeSilent; }
    std::map<Key, Symptom> sorted(const std::vector<Symptom>& symptoms) const;
    Absence absence_of(const std::string& node, const std::vector<Symptom>& symptoms) const;
    bool is_line_whole(Moment now) const;
    bool is_listening(Moment now) const;

    void see(const Key& key, const Symptom& symptom, const Absence& absence, Moment now);
    void wait(const Key& key, const Symptom& symptom, const Absence& absence, Moment now);
    void go_on(const Key& key, Case& known, const Symptom& symptom, bool is_unknown, Moment now);
    void miss(const Key& key, Case& known, const Absence& absence, Moment now);
    void open(const Key& key, Case& known, const Symptom& symptom, Moment now);
    void close(const Key& key, Case& known, Moment now);
    void change(const Key& key, Case& known, Moment now);
    base::Duration patience_of(const Alert& alert) const;

    DeskOptions options_;
    std::map<Key, Case> cases_;
    std::set<Key> changed_;
    std::optional<base::Instant> restored_at_;
    std::optional<base::Instant> broken_at_;  // When the line was last seen broken; or the start.
    bool is_broken_ = false;
    std::size_t open_ = 0;
    std::uint64_t refused_ = 0;
};

}  // namespace alerts
