#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/node/committer.hpp"
#include "agent/node/disk_writes.hpp"
#include "agent/sampling/clock_state.hpp"
#include "agent/sampling/sampler.hpp"
#include "base/clock.hpp"
#include "base/counters.hpp"
#include "base/reminder.hpp"
#include "broker/connection.hpp"
#include "delivery/outbox/outbox.hpp"
#include "delivery/uplink/uplink.hpp"
#include "wire/status.hpp"
#include "wire/topic.hpp"

namespace agent {

struct StatusBoardOptions {
    std::string node;
    std::string version;
    wire::Topics topics{};
    base::Duration status_every{};
    base::Duration state_every{};      // At most; and only when changed. News of the status, too.
    std::uint64_t card_endurance = 0;  // In bytes; 0: not known.
    std::string write_counts{};        // Where the kernel counts what this process writes.
};

/// Publishes two retained messages: how the node is (`status`), and the newest readings (`state`).
/// Looks at the whole node and changes nothing in it.
class StatusBoard {
  public:
    /// The parts that it reads.
    struct Parts {
        const base::Clock& clock;
        const ClockWatch& watch;
        const delivery::Outbox& outbox;
        const Sampler& sampler;
        const Committer& committer;
        const delivery::Uplink& uplink;
        const base::Counters& counters;
    };

    StatusBoard(StatusBoardOptions options, const Parts& parts, broker::Connection& connection);

    /// Publishes what is due: both on a new connection; the status when something begins or ceases
    /// to be wrong, when nearly all records that it named have reached the centre, and again every
    /// `status_every`; the state when there are new readings. Each at most every `state_every` on
    /// one connection.
    void tick(base::Instant now);

    /// False when the connection accepts nothing now.
    bool publish_status(wire::NodeState state);

    wire::NodeStatus status(wire::NodeState state) const;

  private:
    /// When a message was last published, and in which session of the connection.
    struct Published {
        std::uint64_t session = 0;
        std::optional<base::Instant> at{};
    };

    /// What the status says beyond its counters, and a person should read at once: what is wrong,
    /// not how much of it. A number that rises with every reading is no news.
    struct News {
        std::vector<std::string> alarms{};
        std::vector<std::string> suspects{};  // The sensors.
        bool has_too_many_series = false;

        bool operator==(const News&) const = default;
    };

    News news() const;
    bool has_emptied() const;
    static bool is_older(const Published& published, base::Duration age, base::Instant now);
    void publish_status_when_due(base::Instant now);
    void publish_state_when_due(base::Instant now);
    bool publish(const std::string& topic, std::string payload, std::string& refused);
    /// What is wrong with the node itself, as long as it lasts.
    std::vector<std::string> alarms() const;
    std::vector<std::string> lasting_alarms() const;
    std::vector<Sampler::Backlog> suspects() const;
    std::vector<std::string> refusals() const;
    void report_refusals(base::Instant now);
    std::string suspect_readings() const;
    void report_suspects(base::Instant now);
    std::vector<std::string> faults() const;

    StatusBoardOptions options_;
    Parts parts_;
    broker::Connection& connection_;
    base::Instant started_;
    DiskWrites disk_writes_;

    Published status_;
    News news_published_;
    std::uint64_t waiting_published_ = 0;  // Records, as the last status said.
    std::string status_refused_;           // Why the broker will never carry it; empty: it does.
    Published state_;
    std::uint64_t changes_published_ = 0;
    std::string state_refused_;
    base::Reminder refusals_reminder_;
    base::Reminder suspects_reminder_{std::chrono::hours{1}};
};

}  // namespace agent
