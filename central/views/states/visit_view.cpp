#include "central/views/states/visit_view.hpp"

#include <algorithm>

#include "central/views/json_values.hpp"
#include "central/views/states/course_view.hpp"

namespace views {

namespace {

constexpr std::size_t kPage = 1'000;

const char* to_text(engine::VisitEnd end) {
    switch (end) {
        case engine::VisitEnd::open:
            return "open";
        case engine::VisitEnd::changed:
            return "changed";
        case engine::VisitEnd::unknown:
            return "unknown";
    }
    return "";
}

/// Whether it lasted in the range.
bool touches(const engine::Visit& visit, const VisitRange& range) {
    const auto end = range.before.value_or(engine::kNever);
    if (visit.from >= range.to || visit.from >= end) return false;
    if (visit.end == engine::VisitEnd::open) return true;
    return visit.until ? *visit.until > range.from : visit.to >= range.from;
}

/// Reads stretches page by page, at most kStretchesMax.
class Pages {
  public:
    Pages(sinks::Query& query, sinks::StretchRange range)
        : query_(query), range_(std::move(range)) {
        range_.rows_max = kPage;
    }

    /// Empty when there are no more, or too many.
    base::Result<std::vector<engine::Stretch>> next() {
        if (is_over_ || read_ >= kStretchesMax) return std::vector<engine::Stretch>{};
        auto page = query_.stretches(range_);
        if (!page) return page;
        const auto& rows = page.value();
        read_ += rows.size();
        is_over_ = rows.size() < kPage;
        if (rows.empty()) return page;
        if (range_.is_oldest_first) {
            range_.from = rows.back().from + base::Duration{1};
        } else {
            range_.to = rows.back().from;
        }
        return page;
    }

    bool is_over() const { return is_over_; }

  private:
    sinks::Query& query_;
    sinks::StretchRange range_;
    std::size_t read_ = 0;
    bool is_over_ = false;
};

/// The stretches from `end` on that go on with the visit that lasted then, and the one behind it;
/// newest first.
base::Result<std::vector<engine::Stretch>> read_rest(sinks::Query& query,
                                                     sinks::StretchRange range) {
    range.is_oldest_first = true;
    Pages pages{query, range};
    std::vector<engine::Stretch> rest;
    bool goes_on = true;
    while (goes_on) {
        const auto page = pages.next();
        if (!page) return page.error();
        if (page.value().empty()) break;
        for (const auto& stretch : page.value()) {
            rest.push_back(stretch);
            goes_on = stretch.is_exact && stretch.value == rest.front().value;
            if (!goes_on) break;
        }
    }
    std::reverse(rest.begin(), rest.end());
    if (goes_on && !pages.is_over()) rest.front().is_exact = false;  // It may go on.
    return rest;
}

}  // namespace

base::Result<VisitPage> read_visits(sinks::Query& query, const engine::SeriesRow& series,
                                    const VisitRange& range,
                                    std::optional<base::EventTime> watermark) {
    const auto since = series.course_since.value_or(engine::kNever);
    const auto last = end_of_course(series);
    const auto end = std::min(last, range.before ? std::min(range.to, *range.before) : range.to);
    const auto holding = read_holding(query, series, engine::kAlways, last);
    if (!holding) return holding.error();
    engine::Visits visits{holding.value(), watermark.value_or(last)};
    sinks::StretchRange stretches{
        .node = series.node, .series = series.declared.series, .from = end, .to = last};
    const auto rest = read_rest(query, stretches);
    if (!rest) return rest.error();
    for (const auto& stretch : rest.value()) visits.add(stretch);

    stretches.from = since;
    stretches.to = end;
    Pages pages{query, stretches};
    VisitPage found;
    std::size_t seen = 0;
    for (;;) {
        const auto page = pages.next();
        if (!page) return page.error();
        for (const auto& stretch : page.value()) visits.add(stretch);
        if (pages.is_over()) visits.finish(since == engine::kAlways);
        const auto& whole = visits.whole();
        for (; seen < whole.size() && found.visits.size() < range.visits_max; ++seen) {
            if (touches(whole[seen], range)) found.visits.push_back(whole[seen]);
        }
        const bool is_past = !whole.empty() && whole.back().to < range.from;
        if (pages.is_over() || found.visits.size() == range.visits_max || is_past) return found;
        if (!page.value().empty()) continue;
        found.is_cut = true;
        return found;
    }
}

void write_visit(base::JsonWriter& json, const engine::Visit& visit,
                 std::optional<base::EventTime> watermark) {
    json.begin_object().member("value", visit.value);
    json.member("from", base::to_milliseconds(visit.from));
    json.member("to", base::to_milliseconds(visit.to)).key("until");
    write_time(json, visit.until);
    json.member("end", to_text(visit.end)).member("certain", visit.is_certain);
    json.member("readings", visit.readings);
    auto known = visit.until.value_or(visit.to);
    if (visit.end == engine::VisitEnd::open) known = std::max(known, watermark.value_or(known));
    json.member("length_ms", std::int64_t{(known - visit.from).count()}).end_object();
}

}  // namespace views
