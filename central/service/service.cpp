#include "central/service/service.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/random.hpp"
#include "central/dashboard/assets.hpp"
#include "wire/topic.hpp"

namespace central {

namespace {

/// The pause with nothing to do: short enough for a live page, long enough to cost nothing.
constexpr base::Duration kPause = std::chrono::milliseconds{20};
constexpr base::Duration kGoodbye = std::chrono::seconds{2};
constexpr base::Duration kHoldPatience = std::chrono::seconds{40};
constexpr int kMessagesMax = 1'000;  // Accepted in one tick.

/// Jobs run as we do ourselves, whatever stands in our place on the disk by now.
jobs::Scheduler::Launch launcher(const std::string& config) {
    return [config](const std::string& job) {
        return child::Child::start(
            {.argv = {"/proc/self/exe", "job", "run", job, "--config", config, "--scheduled"},
             .environment = {},
             .input = {}});
    };
}

/// What failed, in a few words; Done when nothing has.
base::Status status_of(const std::vector<jobs::Scheduler::Failure>& failed) {
    if (failed.empty()) return base::Done{};
    std::vector<std::string> words;
    for (const auto& [job, error] : failed) words.push_back(job + " (" + error + ")");
    return base::Error{base::Fault::transient, fmt::format("{}", fmt::join(words, "; "))};
}

std::string random_name() {
    return fmt::format("{:016x}{:016x}", base::entropy(), base::entropy());
}

}  // namespace

base::Status check_partitions(std::uint32_t configured, std::uint32_t stored) {
    if (configured == stored) return base::Done{};
    return base::Error{
        base::Fault::misconfigured,
        fmt::format(
            "[store] partitions = {} but the data in Redis has {}. The first bridge chose that "
            "number, and it cannot be changed. Set partitions = {} here and in bridge.toml",
            configured, stored, stored)};
}

base::Result<std::unique_ptr<Service>> Service::open(const Config& config, const base::Clock& clock,
                                                     const std::string& version) {
    auto options = config.sink;
    options.hold_patience = kHoldPatience;
    auto sink = sinks::open_sink(options);
    if (!sink) return sink.error();
    auto query = sinks::DatabaseQuery::open(config.sink.path);
    if (!query) return query.error();
    std::unique_ptr<Service> service(
        new Service(config, clock, version, std::move(sink).value(), std::move(query).value()));
    // A server may be away: then it is asked when it comes.
    auto known = service->know_nodes();
    if (!known && !config.sink.path.is_server()) return known.error();
    return service;
}

Service::Service(const Config& config, const base::Clock& clock, const std::string& version,
                 std::unique_ptr<sinks::DatabaseSink> sink,
                 std::unique_ptr<sinks::DatabaseQuery> query)
    : clock_(clock),
      connection_(config.broker, base::entropy()),
      exits_(config.exits, version, connection_, counters_, base::entropy()),
      own_status_(wire::Topics{config.presence.topic_root}.program_status("central", config.id),
                  version, connection_),
      bridges_({.topics = wire::Topics{config.presence.topic_root}}),
      presence_(config.presence, counters_),
      redis_(config.redis),
      source_(redis_, kSinkName, random_name()),
      sink_(std::move(sink)),
      query_(std::move(query)),
      pipeline_(config.pipeline, config.engine, source_, *sink_, counters_, base::entropy()),
      partitions_(config.pipeline.partitions),
      backoff_({.first = std::chrono::milliseconds{200}, .longest = std::chrono::seconds{10}},
               base::entropy()),
      events_(fmt::format("{:016x}", base::entropy())),
      publisher_(events_, *query_, presence_.nodes(), counters_,
                 {.watermark_bound = config.engine.watermark_bound}),
      book_(config.sink.path),
      office_(config.alerts, book_, lookout(config), exits_.take_outputs(), counters_),
      judge_(*sink_, *query_, counters_, {.watermark_bound = config.engine.watermark_bound}),
      journal_(config.sink.path),
      scheduler_(config.jobs, journal_, launcher(config.file), counters_),
      retention_(*sink_, *sink_, counters_,
                 {.keep = config.keep, .keep_windows = config.keep_windows}),
      router_({.query = *query_,
               .presences = presence_.nodes(),
               .health = health_,
               .counters = counters_,
               .clock = clock,
               .events = events_,
               .assets = dashboard::assets(),
               .alerts = &book_,
               .jobs = {.journal = &journal_, .plans = scheduler_.plans()}},
              config.router) {
    health_.declare("redis", true);
    health_.declare("sink", true);
    health_.declare("broker", false);
    health_.declare("bridge", false);
    health_.declare("alerts", false);
    bridges_.wait_anew(clock.instant());
}

base::Status Service::listen(const Config& config) {
    auto server = http::Server::open(
        config.server, clock_, counters_,
        [this](const http::Request& request) { return router_.answer(request); });
    if (!server) return server.error();
    server_ = std::move(server).value();
    return base::Done{};
}

base::Status Service::tick(base::Instant now) {
    connection_.tick(now);
    accept_statuses(now);
    observe_broker(now);
    if (!agreed_) {
        if (auto agreement = agree_on_redis(now); !agreement) return agreement.error();
    }
    const bool more = agreed_ && ingest(now);
    scheduler_.tick(now, clock_.event_time());
    publisher_.tick(now, clock_.event_time());
    const auto line = this->line();
    tell_alerts(line, now);
    report_health(line, now);
    const auto failing = trouble();
    own_status_.tick(now, clock_.event_time(), failing ? to_text(*failing) : std::string{});
    server_->poll(more ? base::Duration::zero() : kPause);
    return base::Done{};
}

void Service::stop() {
    own_status_.say_goodbye(clock_.event_time());
    connection_.disconnect(kGoodbye);
}

void Service::accept_statuses(base::Instant now) {
    for (int i = 0; i < kMessagesMax; ++i) {
        const auto message = connection_.take();
        if (!message) return;
        if (exits_.accept(*message) || bridges_.accept(*message, now)) continue;
        for (const auto& node : presence_.accept(*message, clock_.event_time())) {
            publisher_.accept_presence(node);
            office_.accept_presence(node);
        }
    }
}

base::Status Service::know_nodes() {
    const auto nodes = query_->nodes();
    if (!nodes) return nodes.error();
    for (const auto& row : nodes.value()) know(row.node);
    knows_nodes_ = true;
    return base::Done{};
}

/// A node that has sent records.
void Service::know(const std::string& node) {
    presence_.know(node);
    exits_.know(node);
}

/// While the broker does not answer, the bridges cannot be heard: nothing is concluded then.
void Service::observe_broker(base::Instant now) {
    broker_pulse_.observe(connection_, connection_.in_flight(), now);
    if (!broker_pulse_.status()) {
        bridges_.wait_anew(now);
        bridge_status_ = base::Done{};
    } else if (broker_pulse_.is_sure()) {
        bridge_status_ = bridges_.status(now);
    }
}

alerts::Lookout Service::lookout(const Config& config) {
    const auto note = [this](const std::string& node, const views::NodeSigns& signs) {
        if (presence_.note(node, signs)) publisher_.accept_presence(node);
    };
    return {*query_, presence_.nodes(), note, config.alerts.lookout};
}

void Service::tell_alerts(const alerts::LineStatus& line, base::Instant now) {
    office_.tick(line, {now, clock_.event_time()});
    exits_.tick(now);
    for (const auto& alert : office_.take_news()) {
        base::JsonWriter json;
        alerts::write_alert(json, alert);
        events_.publish({.key = "a " + alert.id,
                         .name = "alert",
                         .series = {},
                         .data = json.take(),
                         .at = now});
    }
}

/// Two databases on one Redis would fight over its marks and trim each other's entries.
base::Status Service::claim_redis() {
    return source_.claim(sink_->identity());
}

/// The database first: Redis is claimed in its name.
base::Status Service::reach_database(base::Instant now) {
    auto reached = sink_->connect();
    if (reached && !knows_nodes_) reached = know_nodes();
    if (!reached && reached.error().fault == base::Fault::misconfigured) return reached;
    if (!reached && disagreement_.is_due(reached.error().detail, now)) {
        base::log_warn("the database cannot be used", {{"reason", reached.error().detail}});
    }
    database_status_ = reached;
    return base::Done{};
}

base::Status Service::agree_on_redis(base::Instant now) {
    if (now < ask_again_at_) return base::Done{};
    if (auto reached = reach_database(now); !reached) return reached;
    if (!database_status_) {
        ask_again_at_ = clock_.instant() + backoff_.next();
        return base::Done{};
    }
    const auto stored = source_.partitions();
    auto usable = stored ? check_partitions(partitions_, stored.value()) : stored.error();
    if (usable) usable = claim_redis();
    if (usable) {
        agreed_ = true;
        base::log_info("redis is ready", {{"redis", redis_.address()}});
        return usable;
    }
    if (usable.error().fault == base::Fault::misconfigured) return usable;
    const auto& reason = usable.error().detail;
    if (disagreement_.is_due(reason, now)) {
        base::log_warn("redis cannot be used", {{"redis", redis_.address()}, {"reason", reason}});
    }
    // Not from `now`: an attempt that ran into its time-out is not repeated at once.
    ask_again_at_ = clock_.instant() + backoff_.next();
    return base::Done{};
}

bool Service::ingest(base::Instant now) {
    const auto progress = pipeline_.tick(now);
    for (const auto& [node, row] : progress.committed.nodes) know(node);
    publisher_.accept(progress.committed);
    office_.accept(progress.committed, now);
    judge_.accept(progress.committed);
    const bool may_judge = !progress.more && !pipeline_.trouble();
    const bool judges_more = may_judge && judge_.tick(now);
    const bool removes_more =
        may_judge && !judges_more && retention_.tick(now, clock_.event_time());
    return progress.more || progress.entries > 0 || judges_more || removes_more;
}

alerts::LineStatus Service::line() const {
    const auto trouble = this->trouble();
    const auto status_of = [&](Part part) -> base::Status {
        if (trouble && trouble->part == part) return trouble->error;
        return base::Done{};
    };
    return {.broker = broker_pulse_.status(),
            .bridge = bridge_status_,
            .redis = status_of(Part::source),
            .database = status_of(Part::sink),
            .jobs = central::status_of(scheduler_.failures())};
}

void Service::report_health(const alerts::LineStatus& line, base::Instant now) {
    health_.report("sink", line.database, now);
    health_.report("redis", line.redis, now);
    health_.report("broker", line.broker, now);
    health_.report("bridge", line.bridge, now);
    const auto& untold = office_.trouble();
    health_.report(
        "alerts",
        untold.empty() ? base::Status{base::Done{}} : base::Error{base::Fault::transient, untold},
        now);
    publish_health(now);
}

void Service::publish_health(base::Instant now) {
    auto summary = health_.summary(now);
    if (summary == health_published_) return;
    health_published_ = summary;
    events_.publish(
        {.key = "health", .name = "health", .series = {}, .data = std::move(summary), .at = now});
}

/// Why nothing is stored at the moment; nothing when all is well.
std::optional<Trouble> Service::trouble() const {
    if (agreed_) return pipeline_.trouble();
    if (!database_status_) return Trouble{.part = Part::sink, .error = database_status_.error()};
    return Trouble{.part = Part::source, .error = {base::Fault::transient, disagreement_.said()}};
}

}  // namespace central
