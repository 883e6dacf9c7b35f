#include "bridge/redis_store.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"
#include "bridge/embedded.hpp"
#include "redis/keys.hpp"
#include "wire/limits.hpp"

namespace bridge {

namespace {

using base::Done;
using base::Error;
using base::Fault;
using base::Result;
using base::Status;

constexpr std::size_t kAnswerItems = 8;

/// The names of all nodes.
constexpr const char* kNodesKey = "leat:nodes";

/// The code with which leat_ingest refuses one more node.
constexpr std::string_view kTooManyNodes = "LEAT_NODES";

/// How soon a node tries again when only a person can help.
constexpr base::Duration kRepairPause = std::chrono::seconds{10};

/// What decides about durability, and can be changed while the server runs.
const redis::Command kAskSettings{"CONFIG", "GET", "appendonly", "appendfsync",
                                  "no-appendfsync-on-rewrite"};

std::string records_key(std::uint32_t partition) {
    return fmt::format("leat:{{{}}}:records", partition);
}

std::string node_key(std::uint32_t partition, const std::string& node) {
    return fmt::format("leat:{{{}}}:node:{}", partition, node);
}

/// What keeps Redis from having these settings is told by judge_server.
std::vector<std::string> words_of(const redis::Reply& settings) {
    std::vector<std::string> words;
    for (const auto& item : settings.items) words.push_back(item.text);
    return words;
}

/// Whether it is an integer that the wire can carry.
bool is_count(const redis::Reply& reply) {
    return reply.kind == redis::Reply::Kind::integer && reply.integer >= 0 &&
           static_cast<std::uint64_t>(reply.integer) <= wire::kSequenceMax;
}

std::uint64_t count_of(const redis::Reply& reply) {
    return static_cast<std::uint64_t>(reply.integer);
}

}  // namespace

Result<wire::Ack> read_answer(const redis::Reply& reply, wire::Incarnation incarnation) {
    const Error strange{Fault::transient, "Redis gave an answer that leat_ingest never gives"};
    if (reply.items.size() != kAnswerItems) return strange;
    for (const std::size_t number : {1U, 3U, 5U, 6U}) {
        if (!is_count(reply.items[number])) return strange;
    }
    const auto answer = wire::parse_answer(reply.items[0].text);
    const auto hash = wire::parse_chain_hash(reply.items[2].text);
    if (!answer || !hash) return strange;
    wire::Ack ack{.incarnation = incarnation,
                  .answer = *answer,
                  .durable = {.seq = count_of(reply.items[1]), .hash = *hash},
                  .applied = {},
                  .expected = count_of(reply.items[5]),
                  .retry_after = base::Duration{reply.items[6].integer},
                  .reason = reply.items[7].text,
                  .now = {}};
    if (const auto applied = count_of(reply.items[3]); applied > 0) {
        const auto applied_hash = wire::parse_chain_hash(reply.items[4].text);
        if (!applied_hash) return strange;
        ack.applied = wire::Mark{.seq = applied, .hash = *applied_hash};
    }
    return ack;
}

RedisStore::RedisStore(redis::Client& client, const base::Clock& clock, RedisStoreOptions options,
                       std::string lineage)
    : client_(client), clock_(clock), options_(options), lineage_(std::move(lineage)) {
    ENSURE(options_.partitions > 0);
    ENSURE(!lineage_.empty());
}

Result<std::vector<wire::Ack>> RedisStore::ingest(const std::vector<IngestRequest>& requests) {
    if (auto prepared = prepare(); !prepared) return prepared.error();
    const auto now = clock_.event_time();
    const auto now_text = std::to_string(base::to_milliseconds(now));
    std::vector<redis::Command> commands;
    commands.reserve(requests.size() + 2);
    for (const auto& request : requests) commands.push_back(ingest_command(request, now_text));
    commands.push_back(kAskSettings);
    if (facts_.waits_for_disk) {
        commands.push_back({"WAITAOF", "1", "0", std::to_string(options_.barrier_timeout.count())});
    }
    const auto replies = client_.run(commands);
    if (!replies) return replies.error();
    if (client_.session() != checked_session_) {
        return Error{Fault::transient, "the connection was renewed and is not checked yet"};
    }
    std::vector<wire::Ack> acks;
    acks.reserve(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
        auto ack = answer(requests[i], replies.value()[i], now);
        if (!ack) return ack.error();
        acks.push_back(std::move(ack).value());
    }
    if (auto kept = kept_promise(replies.value()[requests.size()]); !kept) return kept.error();
    if (facts_.waits_for_disk) {
        if (auto passed = passed_barrier(replies.value().back()); !passed) return passed.error();
    }
    return acks;
}

Result<wire::Ack> RedisStore::answer(const IngestRequest& request, const redis::Reply& reply,
                                     base::EventTime now) {
    if (reply.code == kTooManyNodes) {
        ++refused_nodes_;
        return ask_to_wait(request, kRepairPause, too_many_nodes(), now);
    }
    if (redis::is_about_keys(reply)) {
        const auto partition = wire::partition_of(request.node, options_.partitions);
        const auto why = redis::explain(client_, reply,
                                        {{node_key(partition, request.node), "hash"},
                                         {records_key(partition), "stream"},
                                         {kNodesKey, "set"}});
        return ask_to_wait(request, kRepairPause, why.detail, now);
    }
    if (reply.is_error()) return refused(reply);
    auto read = read_answer(reply, request.header.incarnation);
    if (!read) return read;
    auto ack = std::move(read).value();
    ack.now = now;
    return ack;
}

std::string RedisStore::too_many_nodes() const {
    return fmt::format(
        "there are {} nodes, and no more may be. Remedy: leat-central forget <node> for those that "
        "are none, or [store] nodes in bridge.toml",
        options_.nodes_max);
}

/// Asked after the batches, so that what was stored under other settings is not acknowledged.
Status RedisStore::kept_promise(const redis::Reply& settings) {
    if (options_.durability == Durability::memory) return Done{};
    if (!settings.is_error() && words_of(settings) == facts_.settings) return Done{};
    doubt();
    return Error{Fault::transient,
                 "the durability settings of Redis changed; it is checked again before anything is "
                 "acknowledged"};
}

Status RedisStore::check() {
    checked_session_.reset();
    return prepare();
}

Status RedisStore::bury(const DeadLetter& letter) {
    if (auto prepared = prepare(); !prepared) return prepared;
    const std::string key = "leat:dead";
    const auto buried =
        client_.run({{"XADD", key, "MAXLEN", "~", std::to_string(options_.dead_letters_max), "*",
                      "topic", letter.topic, "reason", letter.reason, "payload",
                      letter.payload.substr(0, wire::kBatchBytesMax), "ms",
                      std::to_string(base::to_milliseconds(clock_.event_time()))}});
    if (!buried) return buried.error();
    const auto& reply = buried.value().front();
    if (!reply.is_error()) return Done{};
    auto why = redis::explain(client_, reply, {{key, "stream"}});
    if (redis::is_about_keys(reply)) why.fault = Fault::malformed;
    return why;
}

Status RedisStore::prepare() {
    const auto now = clock_.instant();
    const auto is_fresh = now - checked_at_ < options_.check_every;
    if (checked_session_ == client_.session() && is_fresh) return Done{};
    auto prepared = prepare_now();
    checked_session_.reset();
    if (!prepared) return prepared;
    checked_session_ = client_.session();
    trusted_run_ = facts_.run;
    checked_at_ = now;
    return Done{};
}

void RedisStore::doubt() {
    checked_session_.reset();
    trusted_run_.clear();
}

/// A Redis whose log was switched on writes what it has into a new one first. What comes meanwhile
/// is in a file that counts only afterwards, although CONFIG GET says `yes` already. Nothing tells
/// this from any other rewrite, so that a server which is not trusted yet has to finish. One that
/// was and runs on has not: a rewrite may keep it so busy that the connection is lost.
Status RedisStore::has_whole_log(const redis::Reply& persistence) const {
    const bool is_trusted = !trusted_run_.empty() && trusted_run_ == facts_.run;
    if (options_.durability == Durability::memory || is_trusted || !rewrites_log(persistence)) {
        return Done{};
    }
    return Error{Fault::transient,
                 "Redis rewrites its log, and may have begun it only now: nothing is acknowledged "
                 "before that is done (INFO persistence: aof_rewrite_in_progress)"};
}

Status RedisStore::prepare_now() {
    const auto partitions = std::to_string(options_.partitions);
    const auto replies = client_.run({
        {"INFO", "server"},
        {"CONFIG", "GET", "appendonly", "appendfsync", "no-appendfsync-on-rewrite",
         "maxmemory-policy"},
        {"FCALL_RO", "leat_version", "0"},
        {"SET", "leat:lineage", lineage_, "NX"},
        {"SET", "leat:partitions", partitions, "NX"},
        {"GET", "leat:partitions"},
        kAskSettings,
        {"INFO", "persistence"},
    });
    if (!replies) return replies.error();
    const auto session = client_.session();
    const auto& reply = replies.value();
    if (reply[0].is_error()) return refused(reply[0]);
    // A Redis without room keeps what it has: these only matter where there is nothing yet.
    const bool is_new = reply[5].kind == redis::Reply::Kind::nil;
    for (const std::size_t written : {3U, 4U}) {
        if (is_new && reply[written].is_error()) return refused(reply[written]);
    }
    if (reply[5].is_error()) {
        return redis::explain(client_, reply[5], {{"leat:partitions", "string"}});
    }
    auto facts = judge_server(reply[0], reply[1], options_.durability, client_.command_line());
    if (!facts) {
        doubt();
        return facts.error();
    }
    facts_ = std::move(facts).value();
    facts_.session = session;
    facts_.settings = words_of(reply[6]);
    if (auto whole = has_whole_log(reply[7]); !whole) return whole;
    if (reply[5].text != partitions) {
        return Error{Fault::misconfigured,
                     fmt::format("the data in Redis has {} partitions, the configuration says {}. "
                                 "Remedy: [store] partitions = {}",
                                 reply[5].text, partitions, reply[5].text)};
    }
    if (auto loaded = load_library(reply[2]); !loaded) return loaded;
    if (client_.session() != session) {
        return Error{Fault::transient, "the connection was renewed while it was checked"};
    }
    return Done{};
}

Status RedisStore::load_library(const redis::Reply& version) {
    const bool is_absent = version.code == redis::kNoFunction;
    if (version.is_error() && !is_absent) return refused(version);
    if (!is_absent && version.integer == kFunctionVersion) return Done{};
    if (!is_absent && version.integer > kFunctionVersion) {
        return Error{Fault::misconfigured,
                     fmt::format("the function library in Redis has version {}, newer than {} of "
                                 "this program. Remedy: the same leat version everywhere",
                                 version.integer, kFunctionVersion)};
    }
    const auto loaded =
        client_.run_one({"FUNCTION", "LOAD", "REPLACE", std::string{kFunctionLibrary}});
    if (!loaded) return loaded.error();
    base::log_info("function library loaded",
                   {{"version", kFunctionVersion}, {"redis", client_.address()}});
    return Done{};
}

redis::Command RedisStore::ingest_command(const IngestRequest& request,
                                          const std::string& now) const {
    const auto& header = request.header;
    const auto partition = wire::partition_of(request.node, options_.partitions);
    redis::Command command{"FCALL",
                           "leat_ingest",
                           "3",
                           node_key(partition, request.node),
                           records_key(partition),
                           kNodesKey,
                           request.node,
                           wire::to_text(header.incarnation),
                           std::to_string(header.base),
                           std::to_string(header.count),
                           std::to_string(header.lowest),
                           wire::to_text(header.before),
                           wire::to_text(wire::Chain{}.start(request.node, header.incarnation)),
                           now,
                           std::to_string(options_.cap),
                           header.after ? std::to_string(*header.after) : std::string{},
                           std::to_string(options_.nodes_max)};
    ENSURE(request.lines.size() == header.count);
    ENSURE(request.chain.size() == header.count);
    command.reserve(command.size() + 2 * request.lines.size());
    for (std::size_t i = 0; i < request.lines.size(); ++i) {
        command.push_back(request.lines[i]);
        command.push_back(wire::to_text(request.chain[i]));
    }
    return command;
}

/// What the caller can do about a command that Redis did not carry out.
Error RedisStore::refused(const redis::Reply& reply) {
    if (reply.code != redis::kNoFunction && reply.code != redis::kOtherVersion) {
        return reply.error();
    }
    doubt();
    if (reply.code == redis::kOtherVersion) return redis::other_version(reply);
    return {Fault::transient, "the function library is gone and is loaded again: " + reply.text};
}

Status RedisStore::passed_barrier(const redis::Reply& reply) {
    if (reply.is_error()) {
        doubt();
        return Error{Fault::transient, "WAITAOF: " + reply.text};
    }
    if (reply.items.empty() || reply.items[0].integer < 1) {
        return Error{Fault::transient, "the disk of Redis did not answer in time (WAITAOF)"};
    }
    return Done{};
}

}  // namespace bridge
