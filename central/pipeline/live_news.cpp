#include "central/pipeline/live_news.hpp"

namespace central {

namespace {

/// Takes over every row: a newer one replaces an older one, a new key needs room.
template <class Rows>
std::size_t conflate(Rows& rows, Rows& newer, std::size_t rows_max) {
    std::size_t dropped = 0;
    for (auto& [key, row] : newer) {
        const auto known = rows.find(key);
        if (known != rows.end()) {
            known->second = std::move(row);
        } else if (rows.size() < rows_max) {
            rows.emplace(key, std::move(row));
        } else {
            ++dropped;
        }
    }
    return dropped;
}

}  // namespace

std::size_t LiveNews::add(engine::Changes changes) {
    std::size_t dropped = conflate(news_.windows, changes.windows, rows_max_);
    dropped += conflate(news_.series, changes.series, rows_max_);
    dropped += conflate(news_.nodes, changes.nodes, rows_max_);
    for (auto& gap : changes.gaps) {
        if (news_.gaps.size() < rows_max_) {
            news_.gaps.push_back(std::move(gap));
        } else {
            ++dropped;
        }
    }
    return dropped;
}

}  // namespace central
