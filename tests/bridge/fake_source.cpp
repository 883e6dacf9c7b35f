#include "bridge/fake_source.hpp"

#include <algorithm>
#include <utility>

namespace fake {

using base::Done;

base::Result<std::string> FakeSource::lineage() {
    if (redis_.failure()) return *redis_.failure();
    return redis_.lineage();
}

base::Result<std::vector<base::Result<ingest::Batch>>> FakeSource::read_all(
    const std::vector<ingest::Position>& positions, std::size_t entries_max) {
    if (redis_.failure()) return *redis_.failure();
    std::vector<base::Result<ingest::Batch>> batches;
    if (positions.empty()) return batches;
    const auto share = std::max<std::size_t>(1, entries_max / positions.size());
    for (const auto& position : positions) {
        ingest::Batch batch{.entries =
                                redis_.partition(position.partition).read(position.cursor, share)};
        batch.more = batch.entries.size() >= share;
        batches.emplace_back(std::move(batch));
    }
    return batches;
}

base::Result<std::vector<base::Status>> FakeSource::settle_all(
    const std::vector<ingest::Settlement>& settlements) {
    std::vector<base::Status> settled;
    for (const auto& settlement : settlements) {
        if (redis_.failure()) return *redis_.failure();
        settled.push_back(settle_one(settlement));
    }
    return settled;
}

base::Status FakeSource::settle_one(const ingest::Settlement& settlement) {
    if (redis_.partition(settlement.partition).is_ahead(settlement.cursor)) {
        return base::Error{base::Fault::malformed, "the cursor is ahead of the stream"};
    }
    redis_.write(settlement.partition, [sink = sink_, settlement](Partition& written) {
        written.settle(sink, settlement.cursor, settlement.marks);
    });
    return Done{};
}

base::Status FakeSource::rewind(std::uint32_t partition, const ingest::AppliedMark& to) {
    if (redis_.failure()) return *redis_.failure();
    redis_.write(partition, [to](Partition& written) { written.rewind(to); });
    return Done{};
}

/// A partition a page.
base::Result<ingest::Survey> FakeSource::survey(const std::string& from) {
    if (redis_.failure()) return *redis_.failure();
    const auto index = from.empty() ? 0U : static_cast<std::uint32_t>(std::stoul(from));
    const auto next = index + 1;
    return ingest::Survey{
        .applied = redis_.partition(index).applied(),
        .next = next < redis_.options().partitions ? std::to_string(next) : std::string{}};
}

}  // namespace fake
