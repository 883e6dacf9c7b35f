#pragma once

#include <string>
#include <vector>

#include "central/ingest/source.hpp"
#include "redis/client.hpp"

namespace ingest {

/// The partitions' streams in Redis, read for one sink. Uses the function library that a bridge
/// loads (`leat`); transient as long as there is none.
class RedisSource final : public Source {
  public:
    /// `sink` is the name under which the cursor is kept; streams are trimmed below the lowest
    /// cursor of all sinks. `lineage` names the data set if it has no name yet; it must be random.
    RedisSource(redis::Client& client, std::string sink, std::string lineage);

    base::Result<std::string> lineage() override;
    base::Result<std::vector<Entry>> read(std::uint32_t partition, const std::string& cursor,
                                          std::size_t entries_max) override;
    base::Status settle(std::uint32_t partition, const std::string& cursor,
                        const std::vector<AppliedMark>& marks) override;
    base::Status rewind(std::uint32_t partition, const AppliedMark& to) override;

    /// Writes into Redis that this database is the one of this sink, when none is yet.
    /// Misconfigured, with what to do, when another one is.
    base::Status claim(const std::string& identity);

    /// How many partitions the data set has: the first bridge decided. Transient while there was
    /// none.
    base::Result<std::uint32_t> partitions();

  private:
    redis::Client& client_;
    std::string sink_;
    std::string lineage_;
};

}  // namespace ingest
