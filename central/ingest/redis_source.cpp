#include "central/ingest/redis_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/log.hpp"
#include "central/ingest/stream_entry.hpp"
#include "redis/keys.hpp"

namespace ingest {

namespace {

using base::Done;
using base::Error;
using base::Fault;
using base::Result;
using base::Status;
using redis::Command;
using redis::Reply;

/// The code with which leat_settle refuses a cursor.
constexpr std::string_view kAhead = "LEAT_AHEAD";

/// What stands between a partition and the name of a node in the key of its hash.
constexpr std::string_view kNodeLeaf = "}:node:";

/// Keys that a page of the survey looks at, more or less.
constexpr const char* kSurveyKeys = "500";

std::string key_of(std::uint32_t partition, std::string_view leaf) {
    return fmt::format("leat:{{{}}}:{}", partition, leaf);
}

std::string node_key(std::uint32_t partition, std::string_view node) {
    return key_of(partition, fmt::format("node:{}", node));
}

std::int64_t number_of(std::string_view text) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

Status done(const Result<Reply>& reply) {
    if (!reply) return reply.error();
    return Done{};
}

Error no_library() {
    return {Fault::transient,
            "the functions of this leat are not in Redis: no leat-bridge has loaded them yet, or "
            "only an older one has. Start a leat-bridge of this version"};
}

/// What follows a position.
Command range_of(const Position& position, std::size_t entries_max) {
    return {"XRANGE",
            key_of(position.partition, "records"),
            "(" + position.cursor,
            "+",
            "COUNT",
            std::to_string(entries_max)};
}

Command settle_command(const Settlement& settlement, const std::string& sink) {
    const auto& marks = settlement.marks;
    Command command{"FCALL", "leat_settle", std::to_string(2 + marks.size()),
                    key_of(settlement.partition, "cursors"),
                    key_of(settlement.partition, "records")};
    command.reserve(command.size() + 2 + 4 * marks.size());
    for (const auto& mark : marks) command.push_back(node_key(settlement.partition, mark.node));
    command.push_back(sink);
    command.push_back(settlement.cursor);
    for (const auto& mark : marks) {
        command.push_back(wire::to_text(mark.incarnation));
        command.push_back(std::to_string(mark.mark.seq));
        command.push_back(wire::to_text(mark.mark.hash));
    }
    return command;
}

/// What leat_marks says of a node: inc, a, ha of each incarnation.
void read_marks(const std::string& key, const Reply& reply, std::vector<AppliedMark>& marks) {
    const auto node = key.substr(key.find(kNodeLeaf) + kNodeLeaf.size());
    for (std::size_t i = 0; i + 2 < reply.items.size(); i += 3) {
        const auto incarnation = wire::parse_incarnation(reply.items[i].text);
        const auto hash = wire::parse_chain_hash(reply.items[i + 2].text);
        if (!incarnation || !hash) continue;
        const auto seq = static_cast<std::uint64_t>(number_of(reply.items[i + 1].text));
        marks.push_back(
            {.node = node, .incarnation = *incarnation, .mark = {.seq = seq, .hash = *hash}});
    }
}

}  // namespace

RedisSource::RedisSource(redis::Client& client, std::string sink, std::string lineage)
    : client_(client), sink_(std::move(sink)), lineage_(std::move(lineage)) {
    ENSURE(!sink_.empty());
    ENSURE(!lineage_.empty());
}

/// The text of a key that gets this value if it is not there yet.
Result<std::string> RedisSource::own_text(const std::string& key, const std::string& value) {
    const auto replies = client_.run({{"SET", key, value, "NX"}, {"GET", key}});
    if (!replies) return replies.error();
    const auto& reply = replies.value()[1];
    if (reply.is_error()) return redis::explain(client_, reply, {{key, "string"}});
    if (reply.kind == Reply::Kind::string) return reply.text;
    // There is none yet, and Redis has no room for it.
    const auto& refusal = replies.value()[0];
    return refusal.is_error() ? refusal.error() : Error{Fault::transient, key + " is gone again"};
}

Result<std::string> RedisSource::lineage() {
    return own_text("leat:lineage", lineage_);
}

/// Calls a function of the library that a bridge loads, on a partition's keys.
Result<Reply> RedisSource::call(std::uint32_t partition, const Command& command) {
    const auto replies = client_.run({command});
    if (!replies) return replies.error();
    return checked(partition, replies.value().front());
}

/// What a function of the library replied, if it did its work.
Result<Reply> RedisSource::checked(std::uint32_t partition, const Reply& reply) {
    if (!reply.is_error()) return reply;
    if (reply.code == kAhead) return Error{Fault::malformed, reply.text};
    if (reply.code == redis::kNoFunction) return no_library();
    return redis::explain(
        client_, reply,
        {{key_of(partition, "records"), "stream"}, {key_of(partition, "cursors"), "hash"}});
}

Result<std::vector<Result<Batch>>> RedisSource::read_all(const std::vector<Position>& positions,
                                                         std::size_t entries_max) {
    ENSURE(entries_max > 0);
    std::vector<Result<Batch>> batches;
    if (positions.empty()) return batches;
    const auto share = std::max<std::size_t>(1, entries_max / positions.size());
    std::vector<Command> commands;
    for (const auto& position : positions) commands.push_back(range_of(position, share));
    const auto replies = client_.run(commands);
    if (!replies) return replies.error();
    for (std::size_t i = 0; i < positions.size(); ++i) {
        batches.push_back(read_batch(positions[i], replies.value()[i], share));
    }
    return batches;
}

/// Skips entries that no bridge has written; they must not stop the others.
Result<Batch> RedisSource::read_batch(const Position& position, const Reply& first,
                                      std::size_t entries_max) {
    Batch batch;
    auto after = position;
    std::vector<Reply> others;
    for (const auto* reply = &first;; reply = &others.front()) {
        if (reply->is_error()) {
            return redis::explain(client_, *reply,
                                  {{key_of(position.partition, "records"), "stream"}});
        }
        batch.more = reply->items.size() >= entries_max;
        batch.entries.reserve(reply->items.size());
        for (const auto& item : reply->items) {
            after.cursor = item.items.empty() ? after.cursor : item.items[0].text;
            auto entry = read_entry(item);
            if (entry) {
                batch.entries.push_back(std::move(*entry));
            } else {
                base::log_warn("skipped an entry of another program",
                               {{"partition", position.partition}, {"id", after.cursor}});
            }
        }
        if (!batch.entries.empty() || reply->items.empty()) return batch;
        auto next = client_.run({range_of(after, entries_max)});
        if (!next) return next.error();
        others = std::move(next).value();
    }
}

Result<std::vector<Status>> RedisSource::settle_all(const std::vector<Settlement>& settlements) {
    std::vector<Status> settled;
    if (settlements.empty()) return settled;
    std::vector<Command> commands;
    for (const auto& settlement : settlements)
        commands.push_back(settle_command(settlement, sink_));
    const auto replies = client_.run(commands);
    if (!replies) return replies.error();
    for (std::size_t i = 0; i < settlements.size(); ++i) {
        settled.push_back(done(checked(settlements[i].partition, replies.value()[i])));
    }
    return settled;
}

Status RedisSource::rewind(std::uint32_t partition, const AppliedMark& to) {
    return done(call(partition, {"FCALL", "leat_rewind", "1", node_key(partition, to.node),
                                 wire::to_text(to.incarnation), std::to_string(to.mark.seq),
                                 wire::to_text(to.mark.hash)}));
}

Result<std::uint64_t> RedisSource::forget(std::uint32_t partition, const std::string& node) {
    std::uint64_t entries = 0;
    std::string from = "-";
    while (!from.empty()) {
        const auto reply =
            call(partition, {"FCALL", "leat_forget", "3", node_key(partition, node),
                             key_of(partition, "records"), "leat:nodes", node, from});
        if (!reply) return reply.error();
        const auto& page = reply.value().items;
        if (page.size() != 2) return no_library();  // Of an older one.
        entries += static_cast<std::uint64_t>(page[0].integer);
        from = page[1].text;
    }
    return entries;
}

/// Replies, none of which is an error.
Result<std::vector<Reply>> RedisSource::ask(const std::vector<Command>& commands) {
    auto replies = client_.run(commands);
    if (!replies) return replies;
    for (const auto& reply : replies.value()) {
        if (reply.is_error()) return Error{Fault::misconfigured, reply.text};
    }
    return replies;
}

Result<Survey> RedisSource::survey(const std::string& from) {
    const auto scanned = ask(
        {{"SCAN", from.empty() ? "0" : from, "MATCH", "leat:{*}:node:*", "COUNT", kSurveyKeys}});
    if (!scanned) return scanned.error();
    const auto& page = scanned.value().front();
    if (page.items.size() != 2) return Error{Fault::misconfigured, "SCAN gave no page"};
    Survey survey;
    if (page.items[0].text != "0") survey.next = page.items[0].text;
    const auto& keys = page.items[1].items;
    std::vector<Command> questions;
    for (const auto& key : keys) questions.push_back({"FCALL_RO", "leat_marks", "1", key.text});
    if (questions.empty()) return survey;
    const auto answers = ask(questions);
    if (!answers) return answers.error();
    for (std::size_t i = 0; i < keys.size(); ++i) {
        read_marks(keys[i].text, answers.value()[i], survey.applied);
    }
    return survey;
}

Status RedisSource::claim(const std::string& identity) {
    ENSURE(!identity.empty());
    const auto key = "leat:sink:" + sink_;
    const auto owner = own_text(key, identity);
    if (!owner) return owner.error();
    if (owner.value() == identity) return Done{};
    return Error{
        Fault::misconfigured,
        fmt::format("another central with another database uses this Redis ({} is {}, this "
                    "database is {}). Each would trim what the other has not read. Give each a "
                    "Redis of its own. To replace the other database on purpose, run: {} DEL {}",
                    key, owner.value(), identity, client_.command_line(), key)};
}

Result<std::uint32_t> RedisSource::partitions() {
    const std::string key = "leat:partitions";
    const auto replies = client_.run({{"GET", key}});
    if (!replies) return replies.error();
    const auto& reply = replies.value().front();
    if (reply.is_error()) return redis::explain(client_, reply, {{key, "string"}});
    const auto partitions = number_of(reply.text);
    if (partitions <= 0) {
        return Error{Fault::transient, "no leat-bridge has used this Redis yet; start one"};
    }
    return static_cast<std::uint32_t>(partitions);
}

}  // namespace ingest
