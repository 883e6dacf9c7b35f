#include <algorithm>
#include <chrono>

#include "central/engine/quality/declared_gaps.hpp"
#include "central/jobs/sql/row_source.hpp"
#include "central/views/circumstances.hpp"
#include "central/views/window_rows.hpp"
#include "central/views/window_view.hpp"

namespace jobs {

namespace {

using base::EventTime;

constexpr std::int64_t kWindowsAtOnce = 1'440;  // Whole hours of every length.

/// The node of the series that are read now, and its declared gaps.
struct NodeFacts {
    engine::NodeRow node;
    engine::DeclaredGaps gaps;
};

class WindowSource final : public RowSource {
  public:
    WindowSource(sinks::Query& query, base::Duration span, TimeForm form,
                 base::Duration watermark_bound)
        : query_(query), span_(span), form_(form), watermark_bound_(watermark_bound) {}

    Scope scope(const engine::SeriesRow& series) const override {
        return {{"series", id_of(series)}, {"window_ms", std::int64_t{span_.count()}}};
    }

    void begin(const engine::SeriesRow& series, EventTime from, EventTime to) override {
        series_ = &series;
        at_ = engine::window_start(from + span_ - base::Duration{1}, span_);
        end_ = engine::window_start(to, span_);
        at_ = std::max(at_, engine::window_start(first_of(series), span_));
    }

    base::Result<std::optional<std::vector<OutRow>>> next() override {
        if (at_ >= end_) return std::optional<std::vector<OutRow>>{};
        const auto from = at_;
        at_ = std::min(end_, engine::window_start(from, unit()) + kWindowsAtOnce * span_);
        const auto facts = facts_of_node();
        if (!facts) return facts.error();
        const auto rows = views::read_rows(query_, *series_, span_, from, at_,
                                           static_cast<std::size_t>((at_ - from) / span_));
        if (!rows) return rows.error();
        const auto known = views::facts_of(&facts.value()->node, nullptr, *series_, std::nullopt,
                                           watermark_bound_);
        const engine::Circumstances circumstances{.watermark = known.watermark,
                                                  .gaps = facts.value()->gaps,
                                                  .unplaced = known.unplaced,
                                                  .absence = known.absence};
        const views::Surroundings surroundings{rows.value()};
        std::optional<std::vector<OutRow>> out{std::in_place};
        for (const auto& [start, row] : rows.value().windows) {
            if (start < from || start >= at_) continue;
            out->push_back(
                row_of(views::judge_row(*series_, start, span_, row, surroundings, circumstances)));
        }
        return out;
    }

  private:
    base::Duration unit() const { return std::max(span_, views::kWideSpan); }

    /// No reading is older. The first that counts is never ahead of its arrival, and those that are
    /// may be a little earlier.
    EventTime first_of(const engine::SeriesRow& series) const {
        constexpr base::Duration kEarlier = std::chrono::hours{24 * 30};
        if (series.first_at) return *series.first_at - kEarlier;
        return series.ahead ? series.ahead->at - kEarlier : end_;
    }

    base::Result<const NodeFacts*> facts_of_node() {
        if (!facts_ || facts_->node.node != series_->node) {
            auto node = query_.node(series_->node);
            if (!node) return node.error();
            const auto gaps = query_.gaps(series_->node, EventTime::min(), EventTime::max());
            if (!gaps) return gaps.error();
            auto row = std::move(node).value().value_or(engine::NodeRow{});
            row.node = series_->node;
            facts_.emplace(NodeFacts{std::move(row), engine::DeclaredGaps{gaps.value()}});
        }
        return &*facts_;
    }

    OutRow row_of(const views::JudgedWindow& window) const {
        const auto& summary = window.row.summary;
        OutRow row{.at = window.start};
        if (summary.count > 0) row.extremes = {summary.min, summary.max};
        const auto whole = [](std::uint64_t number) {
            return odbc::Value{static_cast<std::int64_t>(number)};
        };
        const auto number = [](const std::optional<double>& value) {
            return value ? odbc::Value{*value} : odbc::Value{};
        };
        row.values = {id_of(*series_),
                      std::int64_t{span_.count()},
                      value_of(form_, window.start).value_or(odbc::Value{}),
                      series_->declared.quantity,
                      series_->declared.unit,
                      whole(summary.count),
                      number(views::mean_of(window)),
                      number(views::value_of(window, &wire::Summary::min)),
                      number(views::value_of(window, &wire::Summary::max)),
                      number(views::value_of(window, &wire::Summary::first)),
                      number(views::value_of(window, &wire::Summary::last)),
                      whole(window.row.failed),
                      window.expected ? whole(*window.expected) : odbc::Value{},
                      std::string{views::word(window.state)},
                      number(window.quality),
                      whole(window.row.revision)};
        append_mark(row.values);
        return row;
    }

    sinks::Query& query_;
    base::Duration span_;
    TimeForm form_;
    base::Duration watermark_bound_;
    const engine::SeriesRow* series_ = nullptr;
    EventTime at_{};
    EventTime end_{};
    std::optional<NodeFacts> facts_{};
};

}  // namespace

std::string id_of(const engine::SeriesRow& series) {
    return series.node + "/" + series.declared.series;
}

std::unique_ptr<RowSource> make_window_source(sinks::Query& query, base::Duration span,
                                              TimeForm form, base::Duration watermark_bound) {
    return std::make_unique<WindowSource>(query, span, form, watermark_bound);
}

}  // namespace jobs
