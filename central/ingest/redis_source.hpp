#pragma once

#include <string>
#include <vector>

#include "central/ingest/source.hpp"
#include "redis/client.hpp"

namespace ingest {

/// The streams of the partitions in Redis, read for one sink. Uses the function library `leat`,
/// which a bridge loads; until then every call is transient.
class RedisSource final : public Source {
  public:
    /// The cursor is kept under the name `sink`; streams are trimmed below the lowest cursor of all
    /// sinks. `lineage`, which must be random, becomes the name of a data set that has none yet.
    RedisSource(redis::Client& client, std::string sink, std::string lineage);

    base::Result<std::string> lineage() override;
    base::Result<std::vector<base::Result<Batch>>> read_all(const std::vector<Position>& positions,
                                                            std::size_t entries_max) override;
    base::Result<std::vector<base::Status>> settle_all(
        const std::vector<Settlement>& settlements) override;
    base::Status rewind(std::uint32_t partition, const AppliedMark& to) override;
    base::Result<Survey> survey(const std::string& from) override;

    /// Removes all that Redis has of a node, also what was not read; gives the number of entries
    /// that were still in its stream. Central must not run meanwhile. The stream is read in pages;
    /// after an error the node is known as before, and forgetting again completes it.
    base::Result<std::uint64_t> forget(std::uint32_t partition, const std::string& node);

    /// Claims this Redis for this database. Misconfigured, with what to do, when another database
    /// has claimed it before.
    base::Status claim(const std::string& identity);

    /// The number of partitions, which the first bridge chose. Transient while there was no bridge.
    base::Result<std::uint32_t> partitions();

  private:
    base::Result<std::vector<redis::Reply>> ask(const std::vector<redis::Command>& commands);
    base::Result<std::string> own_text(const std::string& key, const std::string& value);
    base::Result<Batch> read_batch(const Position& position, const redis::Reply& reply,
                                   std::size_t entries_max);
    base::Result<redis::Reply> call(std::uint32_t partition, const redis::Command& command);
    base::Result<redis::Reply> checked(std::uint32_t partition, const redis::Reply& reply);

    redis::Client& client_;
    std::string sink_;
    std::string lineage_;
};

}  // namespace ingest
