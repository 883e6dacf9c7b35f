#include "central/ingest/made_source.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ingest_test {

void MadeSource::add(Record record) {
    auto& stream = streams_[wire::partition_of(record.node, 16)];
    wire::ChainHash hash;
    hash.bytes[0] = static_cast<std::uint8_t>(record.seq - 1);
    stream.push_back({.id = fmt::format("0-{}", stream.size() + 1),
                      .node = std::move(record.node),
                      .incarnation = {1},
                      .seq = record.seq,
                      .gap_to = 0,
                      .hash = hash,
                      .line = std::move(record.line),
                      .received = record.received});
}

base::Result<std::vector<base::Result<ingest::Batch>>> MadeSource::read_all(
    const std::vector<ingest::Position>& positions, std::size_t entries_max) {
    std::vector<base::Result<ingest::Batch>> batches;
    const auto share = std::max<std::size_t>(1, entries_max / positions.size());
    for (const auto& [partition, cursor] : positions) {
        const auto& stream = streams_[partition];
        const auto from = std::min<std::size_t>(std::stoull(cursor.substr(2)), stream.size());
        const auto to = std::min(from + share, stream.size());
        ingest::Batch batch;
        batch.entries.assign(stream.begin() + static_cast<std::ptrdiff_t>(from),
                             stream.begin() + static_cast<std::ptrdiff_t>(to));
        batch.more = to - from == share;
        batches.emplace_back(std::move(batch));
    }
    return batches;
}

base::Result<std::vector<base::Status>> MadeSource::settle_all(
    const std::vector<ingest::Settlement>& settlements) {
    return std::vector<base::Status>(settlements.size(), base::Done{});
}

base::Status MadeSource::rewind(std::uint32_t /*partition*/, const ingest::AppliedMark& /*to*/) {
    return base::Done{};
}

base::Result<ingest::Survey> MadeSource::survey(const std::string& /*from*/) {
    return ingest::Survey{};
}

}  // namespace ingest_test
