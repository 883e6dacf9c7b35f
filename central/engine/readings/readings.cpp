#include "central/engine/readings/readings.hpp"

#include <algorithm>
#include <utility>

namespace engine {

namespace {

/// Whether a reading goes into the same block as the one before.
bool belongs(const ReadingBlock& block, base::EventTime hour_end, base::EventTime at,
             bool is_ahead) {
    return block.is_ahead == is_ahead && at < hour_end;
}

}  // namespace

std::vector<ReadingBlock>& Readings::blocks_of(const Owner& owner) {
    const auto [slot, is_new] = series_.try_emplace(owner.id);
    if (is_new) slot->second = {.node = owner.node, .series = owner.series, .blocks = {}};
    return slot->second.blocks;
}

void Readings::add(const Owner& owner, const ReadingOrigin& origin, const wire::RawColumn& column,
                   base::EventTime at, base::EventTime limit) {
    if (column.values.empty()) return;
    sorted_.clear();
    for (std::size_t i = 0; i < column.values.size(); ++i) {
        sorted_.push_back({.at = at + base::Duration{column.dt_ms[i]}, .value = column.values[i]});
    }
    const auto by_time = [](const Single& a, const Single& b) { return a.at < b.at; };
    if (!std::is_sorted(sorted_.begin(), sorted_.end(), by_time)) {
        std::stable_sort(sorted_.begin(), sorted_.end(), by_time);
    }
    auto& blocks = blocks_of(owner);
    auto begin = sorted_.begin();
    while (begin != sorted_.end()) {
        const auto hour_end = hour_start(begin->at) + kBlockSpan;
        ReadingBlock block{.origin = origin,
                           .is_ahead = begin->at > limit,
                           .first_at = begin->at,
                           .last_at = begin->at};
        const auto end = std::find_if(begin, sorted_.end(), [&](const Single& reading) {
            return !belongs(block, hour_end, reading.at, reading.at > limit);
        });
        block.readings.assign(begin, end);
        block.last_at = block.readings.back().at;
        blocks.push_back(std::move(block));
        ++blocks_;
        begin = end;
    }
    readings_ += sorted_.size();
}

/// Partials that follow each other in an hour become one block.
void Readings::add(const Owner& owner, const ReadingOrigin& origin,
                   const wire::PartialColumn& column, base::EventTime at, base::EventTime limit) {
    if (column.summaries.empty()) return;
    auto& blocks = blocks_of(owner);
    const auto before = blocks.size();
    for (std::size_t i = 0; i < column.summaries.size(); ++i) {
        const auto start = at + base::Duration{column.dt_ms[i]};
        const bool is_told = !column.first_dt_ms.empty();
        const auto first = is_told ? start + base::Duration{column.first_dt_ms[i]} : start;
        const auto hour_end = hour_start(first) + kBlockSpan;
        const auto end =
            is_told ? start + base::Duration{column.last_dt_ms[i]} : start + column.span;
        const auto last = std::clamp(end, first, hour_end - base::Duration{1});
        const bool is_ahead = start > limit;
        const bool goes_on = blocks.size() > before && first >= blocks.back().first_at &&
                             belongs(blocks.back(), hour_start(blocks.back().first_at) + kBlockSpan,
                                     first, is_ahead);
        if (!goes_on) {
            blocks.push_back(
                {.origin = origin, .is_ahead = is_ahead, .first_at = first, .last_at = first});
            ++blocks_;
        }
        blocks.back().last_at = std::max(blocks.back().last_at, last);
        blocks.back().summarised += column.summaries[i].count;
    }
}

void Readings::take_changes(std::vector<SeriesBlocks>& changes) {
    changes.clear();
    for (auto& [id, blocks] : series_) changes.push_back(std::move(blocks));
    forget();
}

void Readings::forget() {
    series_.clear();
    blocks_ = 0;
    readings_ = 0;
}

}  // namespace engine
