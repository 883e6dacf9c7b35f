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

}  // namespace fake
