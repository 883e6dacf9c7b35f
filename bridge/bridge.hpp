#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "base/backoff.hpp"
#include "base/clock.hpp"
#include "base/reminder.hpp"
#include "bridge/ingest.hpp"
#include "bridge/store.hpp"
#include "bridge/tally.hpp"
#include "broker/connection.hpp"

namespace bridge {

struct BridgeOptions {
    std::string id = "bridge-1";
    std::string version = "unknown";
    std::string topic_root = "leat/v1";

    /// A group shares one durability barrier.
    std::size_t group_batches_max = 64;
    std::size_t group_bytes_max = 1024 * 1024;

    /// Messages thrown away in one tick while the store is away.
    std::size_t drop_max = 1024;

    /// Dead letters kept in one tick; more are only counted, so that rubbish cannot slow the nodes
    /// down.
    std::size_t bury_max = 4;

    /// The most acknowledgements that may wait for the broker; at this number no message is
    /// accepted.
    std::size_t acks_max = 256;

    /// Often, as its silence shows that a bridge is frozen or cut off.
    base::Duration status_every = std::chrono::seconds{1};

    /// How long the store is believed to be well without being used.
    base::Duration check_every = std::chrono::seconds{30};
    base::BackoffOptions backoff{.first = std::chrono::milliseconds{250},
                                 .longest = std::chrono::seconds{10}};
};

/// Carries batches from the broker into the store, and the store's answers back to the nodes. Never
/// acknowledges anything without the store's answer, and keeps no message: what cannot be stored
/// now is dropped, counted, and sent again by its node.
class Bridge {
  public:
    Bridge(BridgeOptions options, broker::Connection& connection, Store& store,
           const base::Clock& clock, std::uint64_t seed);

    /// One bounded step. Fails only when an operator must change something: stop the program.
    base::Status tick(base::Instant now);

    /// Whether the last tick found nothing to do.
    bool idle() const { return idle_; }

    /// Why the store cannot be used; empty if it can.
    const std::string& trouble() const { return trouble_; }

    /// What the store, which works, could not do of late; empty when there is nothing.
    const std::string& complaint() const { return complaint_; }

    /// Publishes the last status. For shutting down.
    void say_goodbye();

    const Tally& tally() const { return tally_; }

  private:
    struct Group {
        std::vector<IngestRequest> requests;
        std::vector<DeadLetter> dead;
        std::size_t bytes = 0;
    };
    struct WaitingAck {
        std::string node;
        wire::Ack ack;
    };

    void observe_session();
    base::Status serve(base::Instant now);
    base::Status check_store(base::Instant now);
    Group accept_group();
    void report_refusal(const IngestRequest& request, const wire::Ack& ack, base::Instant now);
    base::Status store_group(const Group& group, base::Instant now);
    base::Status bury(const std::vector<DeadLetter>& letters, base::Instant now);
    base::Status give_up(const base::Error& error, base::Instant now);
    void ask_all_to_wait(const Group& group, const base::Error& error, base::Instant now);
    void complain(const std::string& reason, base::Instant now);
    std::string redis_state() const;
    void drop_incoming();
    void queue_ack(const std::string& node, const wire::Ack& ack);
    void send_acks();
    void report(base::Instant now);
    void publish_status(const char* state);
    void log_numbers() const;

    BridgeOptions options_;
    broker::Connection& connection_;
    Store& store_;
    const base::Clock& clock_;
    wire::Topics topics_;
    Ingest ingest_;
    base::Backoff backoff_;
    Tally tally_;

    std::deque<WaitingAck> acks_;  // Bounded by acks_max and one group.
    std::uint64_t session_ = 0;
    bool idle_ = true;
    bool store_ready_ = false;
    std::string trouble_ = "not checked yet";
    std::string complaint_;  // What the store, which works, could not do for one or for all.
    base::Instant complained_at_{};
    base::Reminder reminder_;    // Why the store cannot be used.
    base::Reminder rejections_;  // By reason.
    base::Instant started_;
    base::Instant resume_at_{};               // While the store is not ready: the next try.
    base::Instant store_used_at_{};           // When the store is known to have answered last.
    std::optional<base::Instant> status_at_;  // Empty: publish at once.
    base::Instant logged_at_;
};

}  // namespace bridge
