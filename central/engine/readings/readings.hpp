#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "central/engine/readings/reading_block.hpp"
#include "wire/record.hpp"

namespace engine {

/// The single readings that count since the last commit, as blocks.
class Readings {
  public:
    /// A series; `id` is good until forget().
    struct Owner {
        std::uint32_t id = 0;
        const std::string& node;
        const std::string& series;
    };

    /// Adds what a column of a record tells, which is `at` the record's time. What is later than
    /// `limit` is ahead.
    void add(const Owner& owner, const ReadingOrigin& origin, const wire::RawColumn& column,
             base::EventTime at, base::EventTime limit);
    void add(const Owner& owner, const ReadingOrigin& origin, const wire::PartialColumn& column,
             base::EventTime at, base::EventTime limit);

    /// How much there is, in rows of windows, by the memory that it takes.
    std::size_t changed() const { return blocks_ / kBlocksARow + readings_ / kReadingsARow; }

    void take_changes(std::vector<SeriesBlocks>& changes);

    void forget();

  private:
    static constexpr std::size_t kBlocksARow = 8;
    static constexpr std::size_t kReadingsARow = 400;

    std::vector<ReadingBlock>& blocks_of(const Owner& owner);

    std::map<std::uint32_t, SeriesBlocks> series_;
    std::size_t blocks_ = 0;
    std::size_t readings_ = 0;
    std::vector<Single> sorted_;  // Of one column; kept for its room.
};

}  // namespace engine
