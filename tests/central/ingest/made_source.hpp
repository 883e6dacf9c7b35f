#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "central/ingest/source.hpp"

namespace ingest_test {

/// The streams of 16 partitions in memory, filled before they are read. Trims nothing.
class MadeSource final : public ingest::Source {
  public:
    struct Record {
        std::string node;
        std::uint64_t seq = 0;  // From 1 on.
        std::string line;
        base::EventTime received;
    };

    void add(Record record);

    base::Result<std::string> lineage() override { return std::string{"bench"}; }
    base::Result<std::vector<base::Result<ingest::Batch>>> read_all(
        const std::vector<ingest::Position>& positions, std::size_t entries_max) override;
    base::Result<std::vector<base::Status>> settle_all(
        const std::vector<ingest::Settlement>& settlements) override;
    base::Status rewind(std::uint32_t partition, const ingest::AppliedMark& to) override;
    base::Result<ingest::Survey> survey(const std::string& from) override;

    const std::map<std::uint32_t, std::vector<ingest::Entry>>& streams() const { return streams_; }

  private:
    std::map<std::uint32_t, std::vector<ingest::Entry>> streams_;
};

}  // namespace ingest_test
