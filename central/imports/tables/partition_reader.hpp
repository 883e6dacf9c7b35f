#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "central/imports/tables/row.hpp"
#include "central/imports/tables/source.hpp"

namespace imports::tables {

/// Reads partitions over several connections at once, each in a thread of its own, and hands them
/// over in the order in which they were asked for. How many are asked for, and so in memory, is the
/// caller's affair. A connection is opened when there is something to read.
class PartitionReader {
  public:
    /// The source must outlive it.
    PartitionReader(const Source& source, std::size_t connections);
    /// Waits for what is being read.
    ~PartitionReader();
    PartitionReader(const PartitionReader&) = delete;
    PartitionReader& operator=(const PartitionReader&) = delete;

    void ask(Partition partition);

    using Rows = base::Result<std::vector<Row>>;
    /// The oldest that was not taken; nothing within `patience`. After an error there is no use in
    /// the others.
    std::optional<Rows> take(base::Duration patience);

  private:
    struct Job {
        Partition partition;
        std::optional<Rows> rows{};
    };

    void work();

    const Source& source_;
    std::mutex mutex_;
    std::condition_variable asked_;
    std::condition_variable read_;
    std::deque<std::shared_ptr<Job>> waiting_;  // Nobody reads them yet.
    std::deque<std::shared_ptr<Job>> all_;      // That were not taken.
    bool is_ending_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace imports::tables
