#include "central/service/forget_verb.hpp"

#include <fmt/format.h>

#include "base/random.hpp"
#include "base/settings.hpp"
#include "broker/paho_connection.hpp"
#include "central/ingest/redis_source.hpp"
#include "central/service/service.hpp"
#include "central/sinks/access/path_check.hpp"
#include "central/sinks/database_query.hpp"
#include "central/sinks/opening.hpp"
#include "program/print.hpp"
#include "wire/identity.hpp"
#include "wire/topic.hpp"

namespace central {

namespace {

using base::Done;
using base::Error;
using base::Fault;
using base::Status;

constexpr base::Duration kPause = std::chrono::milliseconds{5};
constexpr base::Duration kBrokerPatience = std::chrono::seconds{5};
constexpr base::Duration kGoodbye = std::chrono::seconds{2};

/// "; did you mean attic?", or nothing when no name is like it.
std::string nearest(const std::string& name, const std::vector<std::string>& known) {
    const auto near = base::nearest_word(name, known);
    return near ? fmt::format("; did you mean {}?", *near) : std::string{};
}

base::Result<std::string> nearest_node(const Config& config, const std::string& node) {
    const auto query = sinks::DatabaseQuery::open(config.sink.path);
    if (!query) return query.error();
    const auto rows = query.value()->nodes();
    if (!rows) return rows.error();
    std::vector<std::string> names;
    for (const auto& row : rows.value()) names.push_back(row.node);
    return nearest(node, names);
}

base::Result<std::string> nearest_series(const Config& config, const std::string& node,
                                         const std::string& series) {
    const auto query = sinks::DatabaseQuery::open(config.sink.path);
    if (!query) return query.error();
    const auto rows = query.value()->series(node);
    if (!rows) return rows.error();
    std::vector<std::string> names;
    for (const auto& row : rows.value()) names.push_back(row.declared.series);
    if (names.empty()) return nearest_node(config, node);
    return nearest(series, names);
}

base::Result<std::string> unknown(const Config& config, const std::string& node) {
    const auto advice = nearest_node(config, node);
    if (!advice) return advice.error();
    return fmt::format("The database does not know {}{}", node,
                       advice.value().empty() ? "." : advice.value());
}

/// `stranger` says that the node is not known.
std::string question_of(const std::string& node, const sinks::Holdings& holdings,
                        const std::string& stranger) {
    if (!holdings.is_known) {
        return fmt::format("{} Remove what Redis and the broker may have of {}?", stranger, node);
    }
    return fmt::format(
        "The database has {} series of {} with {} readings in {} windows, {} gaps, {} records that "
        "wait for a clock and {} in quarantine. Remove all of it with every single reading, "
        "finding, silence and ended alert, and what Redis and the broker have? What is removed "
        "cannot be brought back.",
        holdings.series, node, holdings.readings, holdings.windows, holdings.gaps,
        holdings.unplaced, holdings.quarantined);
}

/// Redis comes first: a node that only the database forgets would be asked to send again.
base::Result<std::uint64_t> forget_in_redis(const Config& config, const std::string& identity,
                                            const std::string& node, bool is_trial) {
    redis::Client client(config.redis);
    ingest::RedisSource source(client, kSinkName, "none");
    const auto stored = source.partitions();
    if (!stored) return stored.error();
    if (auto agreed = check_partitions(config.pipeline.partitions, stored.value()); !agreed) {
        return agreed.error();
    }
    if (auto claimed = source.claim(identity); !claimed) return claimed.error();
    if (is_trial) return std::uint64_t{0};
    return source.forget(wire::partition_of(node, stored.value()), node);
}

/// An empty retained message removes the one before.
bool empty_topics(const Config& config, const base::Clock& clock,
                  const std::vector<std::string>& topics) {
    auto options = config.broker;
    options.will.reset();
    options.subscriptions.clear();
    options.client_id += "-forget";
    broker::PahoConnection connection(options, base::entropy());
    const auto end = clock.instant() + kBrokerPatience;
    std::size_t sent = 0;
    while (clock.instant() < end && (sent < topics.size() || connection.in_flight() > 0)) {
        connection.tick(clock.instant());
        if (sent < topics.size() && connection.session() != 0) {
            const broker::Outgoing empty{
                .topic = topics[sent], .payload = {}, .qos = 1, .retain = true, .expiry = {}};
            if (connection.publish(empty)) ++sent;
        }
        base::pause_for(kPause);
    }
    const bool is_done = sent == topics.size() && connection.in_flight() == 0;
    connection.disconnect(kGoodbye);
    return is_done;
}

void forget_at_broker(const Config& config, const base::Clock& clock, const std::string& node) {
    const wire::Topics topics{config.presence.topic_root};
    const std::vector<std::string> retained{topics.status(node), topics.state(node)};
    if (empty_topics(config, clock, retained)) {
        program::print("broker    {} and {} are empty\n", retained[0], retained[1]);
        return;
    }
    program::print("broker    {} did not confirm. To remove what it keeps of the node:\n",
                   config.broker.address);
    for (const auto& topic : retained) {
        program::print("          mosquitto_pub -t {} -r -n\n", topic);
    }
}

/// Only of a database in use is it the cure to stop central.
Error with_cure(Error error) {
    if (error.detail.ends_with(": another central uses this database")) {
        error.detail +=
            ". A leat-central that runs remembers its nodes: stop it, forget, and start it again";
    }
    return error;
}

/// All that Redis has of it was applied, or makes it new.
Status forget_series(const Config& config, sinks::DatabaseSink& sink, const std::string& node,
                     const std::string& series, const Agree& agree) {
    const auto holdings = sink.holdings(node, series);
    if (!holdings) return holdings.error();
    if (!holdings.value().is_known) {
        const auto advice = nearest_series(config, node, series);
        if (!advice) return advice.error();
        return Error{Fault::misused, fmt::format("the database knows no series {} of {}{}", series,
                                                 node, advice.value())};
    }
    const auto question = fmt::format(
        "The database has {} readings of {}/{} in {} windows. Remove them, with what was found in "
        "them? What is removed cannot be brought back.",
        holdings.value().readings, node, series, holdings.value().windows);
    if (!agree(question)) {
        program::print("nothing is removed\n");
        return Done{};
    }
    if (auto forgotten = sink.forget(node, series); !forgotten) return forgotten;
    program::print(
        "{0}/{1} is forgotten. If {0} still measures it, it comes back, and has its unit and "
        "period "
        "once the agent of {0} has started again\n",
        node, series);
    return Done{};
}

Status forget_node(const Config& config, const base::Clock& clock, sinks::DatabaseSink& sink,
                   const std::string& node, const Agree& agree) {
    const auto holdings = sink.holdings(node);
    if (!holdings) return holdings.error();
    const auto stranger = holdings.value().is_known ? base::Result<std::string>{std::string{}}
                                                    : unknown(config, node);
    if (!stranger) return stranger.error();
    const auto reachable = forget_in_redis(config, sink.identity(), node, true);
    if (!reachable) {
        return Error{
            reachable.error().fault,
            "nothing is removed, as Redis must forget the node, too: " + reachable.error().detail +
                (stranger.value().empty() ? "" : ". " + stranger.value())};
    }
    if (!agree(question_of(node, holdings.value(), stranger.value()))) {
        program::print("nothing is removed\n");
        return Done{};
    }
    const auto entries = forget_in_redis(config, sink.identity(), node, false);
    if (!entries) return entries.error();
    program::print("redis     its marks, and {} entries of the stream\n", entries.value());
    if (auto forgotten = sink.forget(node); !forgotten) return forgotten;
    program::print("database  {} series, {} windows, {} readings\n", holdings.value().series,
                   holdings.value().windows, holdings.value().readings);
    forget_at_broker(config, clock, node);
    if (!holdings.value().is_known) program::print("the database did not know {}\n", node);
    program::print("{} is forgotten. If it sends again, it is new\n", node);
    return Done{};
}

}  // namespace

Status forget(const Config& config, const base::Clock& clock, const std::string& subject,
              const Agree& agree) {
    const auto slash = subject.find('/');
    const auto node = subject.substr(0, slash);
    const auto series = slash == std::string::npos ? std::string{} : subject.substr(slash + 1);
    if (!wire::is_node_name(node) || (slash != std::string::npos && series.empty())) {
        return Error{Fault::misused,
                     fmt::format("\"{}\" is no name of a node, nor of a series like "
                                 "attic/climate.temperature",
                                 subject)};
    }
    if (auto there = sinks::expect_database(config.sink.path); !there) return there;
    auto options = config.sink;
    options.is_patient = true;
    auto opened = sinks::open_sink(options);
    if (!opened) return with_cure(opened.error());
    if (series.empty()) return forget_node(config, clock, *opened.value(), node, agree);
    return forget_series(config, *opened.value(), node, series, agree);
}

}  // namespace central
