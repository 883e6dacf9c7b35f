#include "central/jobs/kinds/recount.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/random.hpp"
#include "central/jobs/kinds/recounted_series.hpp"
#include "central/sinks/sqlite_query.hpp"
#include "central/text/rfc3339.hpp"

namespace jobs {

namespace {

constexpr base::Duration kDay = std::chrono::hours{24};

std::string text_of(base::EventTime time) {
    static const drivers::tables::TimeZone kUtc;
    return text::rfc3339(time, kUtc);
}

class Recount final : public Job {
  public:
    Recount(std::string database, std::vector<base::Duration> spans)
        : database_(std::move(database)) {
        for (const auto span : spans) {
            if (kDay % span == base::Duration::zero()) spans_.push_back(span);
        }
    }

    std::string explain() const override {
        return fmt::format(
            "Takes a day of the past by chance (--from names one, UTC), makes its windows anew "
            "from "
            "the single readings in {}, and compares them with those that are stored. Any "
            "difference is a failure: a number would be wrong. Writes nothing. Windows of which "
            "readings are not kept singly are passed over.",
            database_);
    }
    std::string remedy() const override {
        return "if [readings] was changed to keep a quantity that was off before, windows of the "
               "hour of that change differ, and nothing is wrong. Else keep the database and its "
               "backups as they are, and report what differs";
    }

    base::Result<Work> run(const Order& order, base::EventTime now, Progress& progress) override {
        auto opened = sinks::SqliteQuery::open(database_);
        if (!opened) return opened.error();
        auto& query = *opened.value();
        const auto series = query.series({});
        if (!series) return series.error();
        const auto day = day_of(query, series.value(), order, now);
        if (!day) return day.error();
        if (!day.value()) {
            return Work{.records = 0, .read = database_, .wrote = "nothing: no whole day is kept"};
        }
        if (order.is_dry) {
            return Work{.read = database_,
                        .wrote = "nothing: it would count " + text_of(*day.value()) + " again"};
        }
        return recount(query, series.value(), *day.value(), order, progress);
    }

  private:
    /// Nothing when there is no whole day of which readings are kept.
    static base::Result<std::optional<base::EventTime>> day_of(
        sinks::Query& query, const std::vector<engine::SeriesRow>& series, const Order& order,
        base::EventTime now) {
        if (order.from) return std::optional{engine::window_start(*order.from, kDay)};
        std::optional<base::EventTime> first;
        for (const auto& row : series) {
            const auto extent = query.reading_extent(
                {.node = row.node, .series = row.declared.series, .from = now, .to = now});
            if (!extent) return extent.error();
            const auto& kept = extent.value().first_at;
            if (kept && (!first || *kept < *first)) first = kept;
        }
        const auto today = engine::window_start(now, kDay);
        if (!first || *first >= today) return std::optional<base::EventTime>{};
        const auto days = (today - engine::window_start(*first, kDay)) / kDay;
        base::Random random{base::entropy()};
        const auto back = 1 + random.below(static_cast<std::uint64_t>(days));
        return std::optional{today - static_cast<std::int64_t>(back) * kDay};
    }

    base::Result<Work> recount(sinks::Query& query, const std::vector<engine::SeriesRow>& series,
                               base::EventTime day, const Order& order, Progress& progress) const {
        Recounted all;
        std::uint64_t done = 0;
        for (const auto& row : series) {
            if (order.limit && all.readings >= *order.limit) break;
            const auto one = recount_twice(query, row, day);
            if (!one) return one.error();
            all.readings += one.value().readings;
            all.windows += one.value().windows;
            all.windows_passed += one.value().windows_passed;
            const auto& found = one.value().differences;
            all.differences.insert(all.differences.end(), found.begin(), found.end());
            progress.tell(++done, series.size());
        }
        if (!all.differences.empty()) {
            all.differences.resize(std::min(all.differences.size(), kDifferencesMax));
            return base::Error{
                base::Fault::malformed,
                fmt::format("of {}: {}", text_of(day), fmt::join(all.differences, "; "))};
        }
        return Work{.records = all.readings,
                    .read = fmt::format("{} of {}", text_of(day), database_),
                    .wrote = fmt::format("nothing: {} windows are as they should be, {} could not "
                                         "be compared",
                                         all.windows, all.windows_passed)};
    }

    /// What is late may come between the two looks that a comparison takes.
    base::Result<Recounted> recount_twice(sinks::Query& query, const engine::SeriesRow& row,
                                          base::EventTime day) const {
        auto one = recount_series(query, row, spans_, day, day + kDay);
        if (!one || one.value().differences.empty()) return one;
        return recount_series(query, row, spans_, day, day + kDay);
    }

    std::string database_;
    std::vector<base::Duration> spans_;
};

}  // namespace

std::unique_ptr<Job> make_recount(Keys& /*keys*/, const Place& place) {
    return std::make_unique<Recount>(place.database, place.spans);
}

}  // namespace jobs
