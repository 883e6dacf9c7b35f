#include "central/replay/replay.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "central/replay/trial.hpp"

namespace replay {

namespace {

using Windows = std::map<engine::WindowKey, engine::WindowRow>;
using Series = std::vector<engine::SeriesRow>;

/// One node under both configurations.
class NodeReplay {
  public:
    NodeReplay(sinks::Query& query, const Order& order, Series series,
               const engine::EngineOptions& before, const engine::EngineOptions& after,
               Replayed& replayed)
        : query_(query),
          order_(order),
          series_(std::move(series)),
          before_(before, series_),
          after_(after, series_),
          replayed_(replayed) {}

    base::Status run() {
        if (auto chosen = choose(); !chosen) return chosen;
        if (series_.empty()) return base::Done{};
        const auto node = series_.front().node;
        const auto history = History::open(query_, series_);
        if (!history) return history.error();
        for (auto hour = first(); hour < order_.to; hour += engine::kBlockSpan) {
            const auto records = history.value().hour(hour);
            if (!records) return records.error();
            for (auto* trial : {&before_, &after_}) {
                if (auto applied = trial->apply(node, records.value()); !applied) return applied;
            }
            for (const auto& record : records.value()) replayed_.readings += record.data.readings();
            compare(hour + engine::kBlockSpan);
        }
        compare_findings();
        replayed_.set_aside_before += before_.set_aside();
        replayed_.set_aside_after += after_.set_aside();
        return base::Done{};
    }

  private:
    /// Passes over series of which something is not known singly.
    base::Status choose() {
        Series chosen;
        for (auto& row : series_) {
            const auto extent = query_.reading_extent({.node = row.node,
                                                       .series = row.declared.series,
                                                       .from = order_.from,
                                                       .to = order_.to});
            if (!extent) return extent.error();
            const auto name = row.node + "/" + row.declared.series;
            const auto& [oldest, summarised] = extent.value();
            if (!oldest) {
                replayed_.passed.push_back({name, "no single readings are kept"});
            } else if (summarised > 0) {
                replayed_.passed.push_back({name, "its node has summarised some of its readings"});
            } else {
                // Of the first hour others may be gone, or never have been kept.
                const bool are_all_kept = row.first_at && *row.first_at >= *oldest;
                kept_from_[row.declared.series] =
                    are_all_kept ? order_.from : engine::hour_start(*oldest) + engine::kBlockSpan;
                chosen.push_back(std::move(row));
            }
        }
        series_ = std::move(chosen);
        return base::Done{};
    }

    /// The first hour in which there may be readings.
    base::EventTime first() const {
        auto first = order_.to;
        for (const auto& row : series_) {
            if (row.first_at) first = std::min(first, engine::hour_start(*row.first_at));
        }
        return std::max(order_.from, first);
    }

    bool is_compared(const engine::WindowKey& key) const {
        const auto kept_from = kept_from_.find(key.series);
        const auto& gone = replayed_.lengths_gone;
        const auto& fresh = replayed_.lengths_new;
        return kept_from != kept_from_.end() && key.start >= kept_from->second &&
               key.start >= order_.from && key.start + key.span <= order_.to &&
               std::find(gone.begin(), gone.end(), key.span) == gone.end() &&
               std::find(fresh.begin(), fresh.end(), key.span) == fresh.end();
    }

    void compare(base::EventTime end) {
        auto after = after_.take_windows(end);
        for (auto& [key, row] : before_.take_windows(end)) {
            auto other = after.extract(key);
            note(key, std::move(row), other.empty() ? std::nullopt : std::optional{other.mapped()});
        }
        for (auto& [key, row] : after) note(key, std::nullopt, std::move(row));
    }

    void note(const engine::WindowKey& key, std::optional<engine::WindowRow> before,
              std::optional<engine::WindowRow> after) {
        if (!is_compared(key)) return;
        ++replayed_.windows;
        if (before && after && are_alike(*before, *after)) return;
        ++replayed_.windows_changed;
        if (replayed_.windows_listed.size() == order_.differences_max) return;
        replayed_.windows_listed.push_back({key, std::move(before), std::move(after)});
    }

    void compare_findings() {
        auto after = after_.findings();
        for (const auto& [key, finding] : before_.findings()) {
            auto other = after.extract(key);
            if (!other.empty() && other.mapped() == finding) continue;
            note({key, finding, other.empty() ? std::nullopt : std::optional{other.mapped()}});
        }
        for (auto& [key, finding] : after) note({key, std::nullopt, std::move(finding)});
    }

    void note(FindingDifference difference) {
        ++replayed_.findings_changed;
        if (replayed_.findings_listed.size() == order_.differences_max) return;
        replayed_.findings_listed.push_back(std::move(difference));
    }

    sinks::Query& query_;
    const Order& order_;
    Series series_;
    Trial before_;
    Trial after_;
    Replayed& replayed_;
    std::map<std::string, base::EventTime> kept_from_;  // By series.
};

std::vector<base::Duration> only_in(const std::vector<base::Duration>& one,
                                    const std::vector<base::Duration>& other) {
    std::vector<base::Duration> only;
    std::set_difference(one.begin(), one.end(), other.begin(), other.end(),
                        std::back_inserter(only));
    return only;
}

}  // namespace

base::Result<Replayed> replay(sinks::Query& query, const Order& order,
                              const engine::EngineOptions& before,
                              const engine::EngineOptions& after,
                              const std::function<void(std::size_t series_done)>& tell) {
    Replayed replayed{.lengths_gone = only_in(before.spans, after.spans),
                      .lengths_new = only_in(after.spans, before.spans)};
    for (auto it = order.series.begin(); it != order.series.end();) {
        const auto end = std::find_if(it, order.series.end(),
                                      [&](const auto& row) { return row.node != it->node; });
        NodeReplay node{query, order, Series{it, end}, before, after, replayed};
        if (auto ran = node.run(); !ran) return ran.error();
        it = end;
        if (tell) tell(static_cast<std::size_t>(it - order.series.begin()));
    }
    return replayed;
}

}  // namespace replay
