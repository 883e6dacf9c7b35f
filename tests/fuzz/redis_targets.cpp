#include "base/ensure.hpp"
#include "bridge/redis_store.hpp"
#include "central/ingest/stream_entry.hpp"
#include "fuzz/targets.hpp"
#include "redis/reply_bytes.hpp"
#include "wire/limits.hpp"

namespace fuzz {

namespace {

/// What an acknowledgement says comes to the node as it is.
void check(const wire::Ack& ack) {
    const auto again = wire::decode_ack(wire::encode_ack(ack));
    ENSURE(again);
    ENSURE(again.value().durable == ack.durable && again.value().applied == ack.applied);
    ENSURE(again.value().answer == ack.answer && again.value().expected == ack.expected);
    ENSURE(again.value().retry_after == ack.retry_after);
}

void check(const ingest::Entry& entry) {
    ENSURE(wire::is_node_name(entry.node));
    ENSURE(entry.seq > 0 && entry.seq <= wire::kSequenceMax);
    ENSURE(entry.gap_to == 0 || entry.gap_to >= entry.seq);
    ENSURE(entry.gap_to <= wire::kSequenceMax);
    ENSURE(entry.received >= base::EventTime{});
}

}  // namespace

/// The bytes of a connection to Redis: an answer of our function, an entry of a stream, what the
/// server says of itself.
void redis_reply(std::string_view input) {
    const auto read = redis::read_reply(input);
    if (!read) return;
    const auto& reply = read.value();
    if (reply.is_error()) ENSURE(reply.error().detail == reply.text);
    if (const auto ack = bridge::read_answer(reply, {7})) check(ack.value());
    if (const auto entry = ingest::read_entry(reply)) check(*entry);
    if (reply.items.size() != 2) return;
    for (const auto durability : {bridge::Durability::disk, bridge::Durability::memory}) {
        const auto facts = bridge::judge_server(reply.items[0], reply.items[1], durability);
        if (!facts) ENSURE(!facts.error().detail.empty());
    }
}

}  // namespace fuzz
