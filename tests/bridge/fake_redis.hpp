#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "bridge/fake_partition.hpp"

namespace fake {

struct RedisOptions {
    std::uint32_t partitions = 16;
    std::uint64_t cap = 1'000'000;  // Entries in a partition's stream.
    std::size_t nodes_max = 10'000;
    std::uint64_t seed = 1;  // Of lineages.
};

/// Where the next ingest() goes wrong.
enum class FailPoint {
    before_write,   // Nothing happened.
    after_write,    // Written, not on disk: crash() forgets it.
    after_barrier,  // On disk, but the answer is lost.
};

/// The memory of a Redis that forgets on demand. What is written is read at once, and survives a
/// crash from the next barrier on. Many stores and sources may share one.
class Redis {
  public:
    explicit Redis(RedisOptions options = {});

    /// The machine loses power: everything after the last barrier is gone.
    void crash();

    /// It is emptied: another lineage, nothing stored.
    void flush_all();

    /// While set, every call answers with this error.
    void fail(std::optional<base::Error> error) { failure_ = std::move(error); }
    const std::optional<base::Error>& failure() const { return failure_; }

    /// The next ingest() fails at this point, once.
    void fail_next(FailPoint point) { fail_point_ = point; }
    std::optional<FailPoint> take_fail_point();

    using Write = std::function<void(Partition&)>;
    void write(std::uint32_t partition, const Write& write);
    /// Everything written so far survives a crash.
    void barrier();

    std::uint32_t partition_of(const std::string& node) const;
    const Partition& partition(std::uint32_t index) const { return live_.at(index); }
    std::uint64_t cap() const { return options_.cap; }
    void set_cap(std::uint64_t cap) { options_.cap = cap; }
    void set_nodes_max(std::size_t nodes_max) { options_.nodes_max = nodes_max; }
    const std::string& lineage() const { return lineage_; }
    const RedisOptions& options() const { return options_; }

    /// Dead letters, newest last.
    std::vector<bridge::DeadLetter> dead;

    std::size_t nodes() const;
    /// Entries in all streams; a counter of a node.
    std::size_t entries() const;
    std::uint64_t counter(const std::string& node, const std::string& name) const;

  private:
    using Partitions = std::vector<Partition>;
    struct Journalled {
        std::uint32_t partition;
        Write write;
    };

    RedisOptions options_;
    base::Random random_;
    std::string lineage_;
    Partitions live_;
    Partitions on_disk_;
    std::vector<Journalled> journal_;  // What is in live_ and not yet in on_disk_.
    std::optional<base::Error> failure_;
    std::optional<FailPoint> fail_point_;
};

}  // namespace fake
