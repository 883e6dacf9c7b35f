#include "central/jobs/kinds/recount.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/random.hpp"
#include "central/jobs/kinds/recounted_series.hpp"
#include "central/sinks/database_query.hpp"
#include "central/text/rfc3339.hpp"

namespace jobs {

namespace {

constexpr base::Duration kDay = std::chrono::hours{24};

class Recount final : public Job {
  public:
    explicit Recount(const Place& place) : database_(place.database), keep_(place.keep) {
        for (const auto span : place.spans) {
            if (kDay % span == base::Duration::zero()) spans_.push_back(span);
        }
    }

    std::string explain() const override {
        return fmt::format(
            "Takes a day of the past by chance (--from names one, UTC), makes its windows anew "
            "from the single readings in {}, and compares them with those that are stored. Any "
            "difference is a failure: a number would be wrong. Writes nothing. Windows of which "
            "readings are not kept singly are passed over.",
            database_.text());
    }
    Heeds heeds() const override { return {.from = true, .limit = true}; }
    std::string remedy() const override {
        return "keep the database and its backups as they are, and report what differs: a stored "
               "number is not what its readings make";
    }

    base::Result<Work> run(const Order& order, base::EventTime now, Progress& progress) override {
        auto opened = sinks::DatabaseQuery::open(database_);
        if (!opened) return opened.error();
        auto& query = *opened.value();
        const auto series = query.series({});
        if (!series) return series.error();
        const auto day = day_of(query, series.value(), order, now);
        if (!day) return day.error();
        if (!day.value()) {
            return Work{
                .records = 0, .read = database_.text(), .wrote = "nothing: no whole day is kept"};
        }
        if (order.is_dry) {
            return Work{
                .read = database_.text(),
                .wrote = "nothing: it would count " + text::rfc3339(*day.value()) + " again"};
        }
        return recount(query, series.value(), *day.value(), order, now, progress);
    }

  private:
    /// Nothing when there is no whole day of which readings are kept.
    base::Result<std::optional<base::EventTime>> day_of(
        sinks::Query& query, const std::vector<engine::SeriesRow>& series, const Order& order,
        base::EventTime now) const {
        if (order.from) return std::optional{engine::window_start(*order.from, kDay)};
        base::Random random{base::entropy()};
        auto left = series;
        while (!left.empty()) {
            const auto chosen =
                left.begin() + static_cast<std::ptrdiff_t>(random.below(left.size()));
            const auto days = days_of(query, *chosen, now);
            if (!days) return days.error();
            const auto& all = days.value();
            if (!all.empty()) return std::optional{all[random.below(all.size())]};
            left.erase(chosen);
        }
        return std::optional<base::EventTime>{};
    }

    /// The whole days before today on which the series has readings, all of them kept.
    base::Result<std::vector<base::EventTime>> days_of(sinks::Query& query,
                                                       const engine::SeriesRow& row,
                                                       base::EventTime now) const {
        std::vector<base::EventTime> days;
        const auto kept = kept_from(query, row, now);
        if (!kept) return kept.error();
        if (!kept.value()) return days;
        const auto from = engine::window_start(*kept.value() + kDay - base::Duration{1}, kDay);
        const auto to = engine::window_start(now, kDay);
        if (from >= to) return days;
        const auto rows = query.windows({.node = row.node,
                                         .series = row.declared.series,
                                         .span = kDay,
                                         .from = from,
                                         .to = to,
                                         .rows_max = static_cast<std::size_t>((to - from) / kDay)});
        if (!rows) return rows.error();
        for (const auto& [start, window] : rows.value()) {
            if (window.summary.count > 0) days.push_back(start);
        }
        return days;
    }

    /// Nothing when none are.
    base::Result<std::optional<base::EventTime>> kept_from(sinks::Query& query,
                                                           const engine::SeriesRow& row,
                                                           base::EventTime now) const {
        const auto extent = query.reading_extent(
            {.node = row.node, .series = row.declared.series, .from = now, .to = now});
        if (!extent) return extent.error();
        const auto& oldest = extent.value().first_at;
        const auto& keep = keep_.keep(row.declared.quantity);
        if (!oldest || !keep.is_kept) return std::optional<base::EventTime>{};
        return std::optional{
            jobs::kept_from(*oldest, keep.age ? std::optional{now - *keep.age} : std::nullopt)};
    }

    base::Result<Work> recount(sinks::Query& query, const std::vector<engine::SeriesRow>& series,
                               base::EventTime day, const Order& order, base::EventTime now,
                               Progress& progress) const {
        Recounted all;
        std::uint64_t done = 0;
        for (const auto& row : series) {
            if (order.limit && all.readings >= *order.limit) break;
            const auto one = recount_twice(query, row, day, now);
            if (!one) return one.error();
            all.readings += one.value().readings;
            all.windows += one.value().windows;
            all.windows_passed += one.value().windows_passed;
            const auto& found = one.value().differences;
            all.differences.insert(all.differences.end(), found.begin(), found.end());
            progress.report(++done, series.size());
        }
        if (!all.differences.empty()) {
            all.differences.resize(std::min(all.differences.size(), kDifferencesMax));
            return base::Error{
                base::Fault::malformed,
                fmt::format("of {}: {}", text::rfc3339(day), fmt::join(all.differences, "; "))};
        }
        return Work{.records = all.readings,
                    .read = fmt::format("{} of {}", text::rfc3339(day), database_.text()),
                    .wrote = fmt::format("nothing: {} windows are as they should be, {} could not "
                                         "be compared",
                                         all.windows, all.windows_passed)};
    }

    /// What is late may come between the two looks that a comparison takes.
    base::Result<Recounted> recount_twice(sinks::Query& query, const engine::SeriesRow& row,
                                          base::EventTime day, base::EventTime now) const {
        const auto kept = kept_from(query, row, now);
        if (!kept) return kept.error();
        const auto from = kept.value().value_or(day + kDay);
        auto one = recount_series(query, row, spans_, day, day + kDay, from);
        if (!one || one.value().differences.empty()) return one;
        return recount_series(query, row, spans_, day, day + kDay, from);
    }

    sinks::Address database_;
    retention::KeepReadings keep_;
    std::vector<base::Duration> spans_;
};

}  // namespace

std::unique_ptr<Job> make_recount(Keys& /*keys*/, const Place& place) {
    return std::make_unique<Recount>(place);
}

}  // namespace jobs
