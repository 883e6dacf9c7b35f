#include "bridge/fake_source.hpp"

namespace fake {

using base::Done;

base::Result<std::string> FakeSource::lineage() {
    if (redis_.failure()) return *redis_.failure();
    return redis_.lineage();
}

base::Result<std::vector<ingest::Entry>> FakeSource::read(std::uint32_t partition,
                                                          const std::string& cursor,
                                                          std::size_t entries_max) {
    if (redis_.failure()) return *redis_.failure();
    return redis_.partition(partition).read(cursor, entries_max);
}

base::Status FakeSource::settle(std::uint32_t partition, const std::string& cursor,
                                const std::vector<ingest::AppliedMark>& marks) {
    if (redis_.failure()) return *redis_.failure();
    if (redis_.partition(partition).is_ahead(cursor)) {
        return base::Error{base::Fault::malformed, "the cursor is ahead of the stream"};
    }
    redis_.write(partition, [sink = sink_, cursor, marks](Partition& written) {
        written.settle(sink, cursor, marks);
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
