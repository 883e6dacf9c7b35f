#include "central/ingest/source.hpp"

#include <utility>

namespace ingest {

base::Result<std::vector<Entry>> Source::read(std::uint32_t partition, const std::string& cursor,
                                              std::size_t entries_max) {
    auto read = read_all({{.partition = partition, .cursor = cursor}}, entries_max);
    if (!read) return read.error();
    auto batches = std::move(read).value();
    if (!batches.at(0)) return batches[0].error();
    return std::move(batches[0]).value().entries;
}

base::Status Source::settle(std::uint32_t partition, const std::string& cursor,
                            const std::vector<AppliedMark>& marks) {
    auto settled = settle_all({{.partition = partition, .cursor = cursor, .marks = marks}});
    if (!settled) return settled.error();
    return settled.value().at(0);
}

}  // namespace ingest
