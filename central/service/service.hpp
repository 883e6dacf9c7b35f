#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/backoff.hpp"
#include "base/counters.hpp"
#include "base/reminder.hpp"
#include "broker/paho_connection.hpp"
#include "central/alerts/office/office.hpp"
#include "central/alerts/outputs/exits.hpp"
#include "central/api/health.hpp"
#include "central/api/router.hpp"
#include "central/http/server.hpp"
#include "central/ingest/redis_source.hpp"
#include "central/jobs/scheduler/scheduler.hpp"
#include "central/judging/judge.hpp"
#include "central/live/event_log.hpp"
#include "central/live/publisher.hpp"
#include "central/pipeline/pipeline.hpp"
#include "central/pipeline/trouble.hpp"
#include "central/retention/retention.hpp"
#include "central/service/bridges.hpp"
#include "central/service/broker_pulse.hpp"
#include "central/service/config.hpp"
#include "central/service/own_status.hpp"
#include "central/service/presence.hpp"
#include "central/sinks/alerts/alert_book.hpp"
#include "central/sinks/database_query.hpp"
#include "central/sinks/jobs/job_journal.hpp"
#include "central/sinks/opening.hpp"
#include "redis/client.hpp"

namespace central {

/// All of central, wired together over the real world. Broker and Redis may come and go: it reports
/// that, keeps trying, and answers over HTTP all the while.
class Service {
  public:
    /// Opens the database. Misconfigured when an operator must change something; transient while
    /// another program has locked it: try again.
    static base::Result<std::unique_ptr<Service>> open(const Config& config,
                                                       const base::Clock& clock,
                                                       const std::string& version);

    /// Opens the port; before the first tick.
    base::Status listen(const Config& config);

    /// One bounded step; with nothing to do it waits a short while for requests. Fails only when an
    /// operator must change something: then stop the program.
    base::Status tick(base::Instant now);

    /// Says goodbye to the broker.
    void stop();

    const broker::Connection& broker() const { return connection_; }

    /// Where the page is: "127.0.0.1:8080".
    std::string address() const { return server_->address(); }

  private:
    Service(const Config& config, const base::Clock& clock, const std::string& version,
            std::unique_ptr<sinks::DatabaseSink> sink, std::unique_ptr<sinks::DatabaseQuery> query);

    void accept_statuses(base::Instant now);
    base::Status know_nodes();
    void know(const std::string& node);
    void observe_broker(base::Instant now);
    base::Status agree_on_redis(base::Instant now);
    base::Status reach_database(base::Instant now);
    base::Status claim_redis();
    bool ingest(base::Instant now);
    alerts::LineStatus line() const;
    void report_health(const alerts::LineStatus& line, base::Instant now);
    void tell_alerts(const alerts::LineStatus& line, base::Instant now);
    alerts::Lookout lookout(const Config& config);
    void publish_health(base::Instant now);
    std::optional<Trouble> trouble() const;

    const base::Clock& clock_;
    base::Counters counters_;
    api::Health health_;
    broker::PahoConnection connection_;
    alerts::Exits exits_;
    OwnStatus own_status_;
    BrokerPulse broker_pulse_;
    Bridges bridges_;
    base::Status bridge_status_ = base::Done{};
    Presence presence_;
    redis::Client redis_;
    ingest::RedisSource source_;
    std::unique_ptr<sinks::DatabaseSink> sink_;
    std::unique_ptr<sinks::DatabaseQuery> query_;
    Pipeline pipeline_;
    std::uint32_t partitions_;
    bool agreed_ = false;  // On the number of partitions, and on whose Redis it is.
    bool knows_nodes_ = false;
    base::Status database_status_ = base::Done{};  // Until it is agreed.
    base::Reminder disagreement_;
    base::Backoff backoff_;
    base::Instant ask_again_at_;
    live::EventLog events_;
    std::string health_published_;
    live::Publisher publisher_;
    sinks::AlertBook book_;
    alerts::Office office_;
    judging::Judge judge_;
    sinks::JobJournal journal_;
    jobs::Scheduler scheduler_;
    retention::Retention retention_;
    api::Router router_;
    std::unique_ptr<http::Server> server_;  // Last: its streams use the members above.
};

/// The name under which the source keeps the cursor of central's database, whichever it is.
constexpr const char* kSinkName = "sqlite";

/// Done, or how the configured number of partitions differs from the one that Redis holds.
base::Status check_partitions(std::uint32_t configured, std::uint32_t stored);

}  // namespace central
