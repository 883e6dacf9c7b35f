#include "delivery/uplink/batch_sender.hpp"

#include <algorithm>

#include "wire/batch.hpp"
#include "wire/limits.hpp"

namespace delivery {

namespace {

/// What the lines of a batch of so many bytes may take; the header and a newline before each line
/// come on top.
std::size_t lines_bytes(std::size_t batch_bytes) {
    constexpr std::size_t kAround = wire::kHeaderBytesMax + wire::kBatchRecordsMax;
    return batch_bytes - std::min(batch_bytes, kAround);
}

}  // namespace

base::Result<BatchSender::Attempt> BatchSender::send(std::uint64_t first, std::size_t records_max,
                                                     std::size_t bytes_max) {
    const auto read = outbox_.read(first - 1, records_max, lines_bytes(bytes_max));
    if (!read) return read.error();
    const auto& records = read.value();
    if (records.empty()) return Attempt{};
    if (records.front().damaged) return Attempt{.damaged = records.front().seq};
    auto payload = encode(records.front().seq, records);
    if (!payload) return payload.error();
    const SentBatch batch{
        .first = records.front().seq, .last = records.back().seq, .bytes = payload.value().size()};
    if (batch.bytes > connection_.payload_max(options_.topic)) return Attempt{.too_large = batch};
    if (auto reserved = outbox_.reserve(batch.last); !reserved) return reserved.error();
    if (!publish(std::move(payload).value())) return Attempt{};
    counters_.counter("leat_agent_batches_sent_total", "Batches handed to the broker.").add();
    return Attempt{.sent = batch};
}

base::Result<bool> BatchSender::send_probe() {
    auto payload = encode(outbox_.extent().head + 1, {});
    if (!payload) return payload.error();
    if (!publish(std::move(payload).value())) return false;
    counters_.counter("leat_agent_probes_total", "Empty batches, sent to hear the marks.").add();
    return true;
}

/// False when it is not connected, or too much is on its way.
bool BatchSender::publish(std::string payload) {
    const auto bytes = payload.size();
    if (!connection_.publish({.topic = options_.topic,
                              .payload = std::move(payload),
                              .qos = 1,
                              .retain = false,
                              .expiry = options_.expiry})) {
        return false;
    }
    counters_.counter("leat_agent_sent_bytes_total", "Bytes of batches handed to the broker.")
        .add(bytes);
    return true;
}

base::Result<std::string> BatchSender::encode(std::uint64_t first, const Records& records) const {
    const auto before = outbox_.hash_at(first - 1);
    if (!before) return before.error();
    if (!before.value()) return base::Error{base::Fault::transient, "a chain hash is missing"};
    const auto extent = outbox_.extent();
    const bool crosses_hole = !records.empty() && extent.hole && first == extent.hole->upto + 1;
    std::vector<std::string_view> lines;
    for (const auto& record : records) lines.emplace_back(record.line);
    return wire::encode_batch(
        {.incarnation = extent.incarnation,
         .base = first,
         .count = static_cast<std::uint32_t>(lines.size()),
         .lowest = std::min(extent.lowest, first),
         .before = *before.value(),
         .now = clock_.event_time(),
         .after = crosses_hole ? std::optional{extent.hole->after} : std::nullopt},
        lines);
}

}  // namespace delivery
