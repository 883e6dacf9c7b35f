#include "agent/uplink/batch_sender.hpp"

#include <algorithm>

#include "wire/batch.hpp"
#include "wire/limits.hpp"

namespace agent {

namespace {

/// What the lines of a batch may take; the header and a newline before each line come on top.
constexpr std::size_t kLinesBytesMax =
    wire::kBatchBytesMax - wire::kHeaderBytesMax - wire::kBatchRecordsMax;

}  // namespace

base::Result<BatchSender::Attempt> BatchSender::send(std::uint64_t first, std::size_t records_max) {
    const auto read = outbox_.read(first - 1, records_max, kLinesBytesMax);
    if (!read) return read.error();
    const auto& records = read.value();
    if (records.empty()) return Attempt{};
    if (records.front().damaged) return Attempt{.sent = {}, .damaged = records.front().seq};
    if (auto reserved = outbox_.reserve(records.back().seq); !reserved) return reserved.error();
    const auto published = publish(records.front().seq, records);
    if (!published) return published.error();
    if (!published.value()) return Attempt{};
    counters_.counter("leat_agent_batches_sent_total", "Batches handed to the broker.").add();
    return Attempt{.sent = Attempt::Range{.first = records.front().seq, .last = records.back().seq},
                   .damaged = {}};
}

base::Result<bool> BatchSender::send_probe() {
    auto published = publish(outbox_.extent().head + 1, {});
    if (!published || !published.value()) return published;
    counters_.counter("leat_agent_probes_total", "Empty batches, sent to hear the marks.").add();
    return true;
}

base::Result<bool> BatchSender::publish(std::uint64_t first, const Records& records) {
    auto payload = encode(first, records);
    if (!payload) return payload.error();
    const auto bytes = payload.value().size();
    const auto sent = connection_.publish({.topic = options_.topic,
                                           .payload = std::move(payload).value(),
                                           .qos = 1,
                                           .retain = false,
                                           .expiry = options_.expiry});
    if (!sent) return false;  // Not connected, or too much on its way.
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

}  // namespace agent
