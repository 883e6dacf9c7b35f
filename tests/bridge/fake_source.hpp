#pragma once

#include <string>

#include "bridge/fake_redis.hpp"
#include "central/ingest/source.hpp"

namespace fake {

/// Source over a fake Redis. What it writes survives a crash from the next barrier on, as with the
/// real one: the sink's cursor is the truth.
class FakeSource final : public ingest::Source {
  public:
    FakeSource(Redis& redis, std::string sink) : redis_(redis), sink_(std::move(sink)) {}

    base::Result<std::string> lineage() override;
    base::Result<std::vector<base::Result<ingest::Batch>>> read_all(
        const std::vector<ingest::Position>& positions, std::size_t entries_max) override;
    base::Result<std::vector<base::Status>> settle_all(
        const std::vector<ingest::Settlement>& settlements) override;
    base::Status rewind(std::uint32_t partition, const ingest::AppliedMark& to) override;
    base::Result<ingest::Survey> survey(const std::string& from) override;

  private:
    base::Status settle_one(const ingest::Settlement& settlement);

    Redis& redis_;
    std::string sink_;
};

}  // namespace fake
