#include "central/imports/tables/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "central/imports/tables/row_query.hpp"

namespace imports::tables {

namespace {

using namespace std::chrono_literals;
using std::chrono::days;

constexpr std::size_t kNamesShown = 5;
constexpr std::size_t kChangedMax = 100;
constexpr std::size_t kUnmappedMax = 1'000;
constexpr const char* kOthers = "others";

TimeRange common(const TimeRange& a, const TimeRange& b) {
    return {.begin = std::max(a.begin, b.begin), .end = std::min(a.end, b.end)};
}

/// Where it is divided: between hours where that is possible.
base::EventTime middle_of(const TimeRange& range) {
    const auto middle = range.begin + range.length() / 2;
    const auto hour = hour_of(middle);
    return hour > range.begin ? hour : std::chrono::floor<std::chrono::seconds>(middle);
}

}  // namespace

base::EventTime hour_of(base::EventTime time) {
    return std::chrono::floor<std::chrono::hours>(time);
}

base::EventTime day_of(base::EventTime time) {
    return std::chrono::floor<days>(time);
}

/// Which rows of a day are to be read.
struct Plan::Choice {
    TimeRange range;
    Memory::Days known;
    std::vector<std::uint32_t> tags{};
    std::size_t first_open = kHoursADay;  // The hour.

    bool is_whole_day() const { return range.length() == 24h; }
};

base::Status Plan::begin() {
    auto names = connection_.tables();
    if (!names) return names.error();
    for (const auto& name : names.value()) {
        const auto month = source_.tables.month_of(name);
        if (!month) continue;
        tables_.push_back({*month, name});
    }
    if (tables_.empty()) {
        auto shown = names.value();
        if (shown.size() > kNamesShown) shown.resize(kNamesShown);
        return base::Error{
            base::Fault::misconfigured,
            fmt::format(
                "no table there is called like {}; there are {}", source_.tables.text(),
                names.value().empty() ? "none" : fmt::format("{} …", fmt::join(shown, ", ")))};
    }
    std::erase_if(tables_, [&](const Table& table) { return !is_wanted(table.month); });
    std::sort(tables_.begin(), tables_.end(), [](const Table& a, const Table& b) {
        return std::tie(a.month, a.name) < std::tie(b.month, b.name);
    });
    for (const auto& table : tables_) seen_.tables.push_back(table.name);
    return base::Done{};
}

/// A day more on each side: clocks and zones may have moved a row into its neighbour.
bool Plan::is_wanted(std::chrono::year_month month) const {
    const auto end = start_of(month + std::chrono::months{1}) + days{1};
    return start_of(month) - days{1} < scope_.end && (!scope_.from || *scope_.from < end);
}

base::Result<std::optional<Step>> Plan::next() {
    while (steps_.empty()) {
        if (tables_.empty()) return std::optional<Step>{};
        if (!is_begun_) {
            if (auto begun = begin_table(); !begun) return begun.error();
            is_begun_ = true;
            continue;
        }
        if (!days_.empty()) {
            if (auto planned = plan_day(days_.front()); !planned) return planned.error();
            days_.pop_front();
            ++seen_.days;
            continue;
        }
        steps_.push_back({.table = tables_.front().name,
                          .layout = layout_,
                          .range = {},
                          .tags = {},
                          .ends_table = true});
        tables_.pop_front();
        is_begun_ = false;
    }
    auto step = std::move(steps_.front());
    steps_.pop_front();
    return std::optional{std::move(step)};
}

base::Status Plan::begin_table() {
    const auto& [month, name] = tables_.front();
    auto layout = layout_of(connection_, source_, name);
    if (!layout) return layout.error();
    layout_ = std::move(layout).value();
    const auto begin = first_look(name);
    if (!begin) return begin.error();
    const TimeRange range{.begin = begin.value(), .end = source_.time.written_of(scope_.end)};
    const TimeRange own{.begin = start_of(month), .end = start_of(month + std::chrono::months{1})};
    if (auto counted = count_others(range); !counted) return counted;
    auto found = find_days(common(range, {.begin = {}, .end = own.begin}));
    if (found) found = add_days(common(range, own));
    if (found) found = find_days(common(range, {.begin = own.end, .end = range.end}));
    seen_.days_total = seen_.days + days_.size();
    return found;
}

/// Where another selection looked, every day is counted again.
base::Result<base::EventTime> Plan::first_look(const std::string& table) const {
    if (scope_.from) return source_.time.written_of(*scope_.from);
    const auto through = memory_.through(table);
    if (!through) return through.error();
    if (!through.value() || through.value()->selection != tags_.selection()) {
        return base::EventTime{};
    }
    return std::max(base::EventTime{}, day_of(through.value()->end - scope_.look_back));
}

base::Status Plan::add_days(const TimeRange& range) {
    for (auto begin = range.begin; begin < range.end;) {
        const auto end = std::min(day_of(begin) + days{1}, range.end);
        days_.push_back({.begin = begin, .end = end});
        begin = end;
    }
    return base::Done{};
}

/// Only the days that have rows: these are seldom many, where the month is another one.
base::Status Plan::find_days(const TimeRange& range) {
    if (range.begin >= range.end) return base::Done{};
    const auto rows = count(range);
    if (!rows) return rows.error();
    if (rows.value() == 0) return base::Done{};
    const auto middle = day_of(range.begin + range.length() / 2);
    const auto first_end = day_of(range.begin) + days{1};
    if (range.end <= first_end) return add_days(range);
    const auto cut = std::max(middle, first_end);
    auto found = find_days({.begin = range.begin, .end = cut});
    return found ? find_days({.begin = cut, .end = range.end}) : found;
}

base::Result<std::uint64_t> Plan::count(const std::string& from_where) {
    const auto rows = connection_.integer({"SELECT COUNT(*)" + from_where, {}});
    if (!rows) return rows.error();
    return static_cast<std::uint64_t>(rows.value().value_or(0));
}

base::Result<std::uint64_t> Plan::count(const TimeRange& range) {
    return count(rows_of(connection_.dialect(), source_, tables_.front().name, range));
}

/// Rows that no run reads, or not yet.
base::Status Plan::count_others(const TimeRange& range) {
    const auto& dialect = connection_.dialect();
    const auto time = dialect.quoted(source_.time_column);
    const auto from = " FROM " + dialect.quoted(tables_.front().name) + " WHERE " + time;
    const auto waiting = count(from + " >= " + source_.time.literal(range.end));
    if (!waiting) return waiting.error();
    const auto timeless = count(from + " IS NULL OR " + time + " < " + source_.time.literal({}));
    if (!timeless) return timeless.error();
    seen_.waiting += waiting.value();
    seen_.timeless += timeless.value();
    return base::Done{};
}

base::Status Plan::plan_day(const TimeRange& range) {
    const auto& table = tables_.front().name;
    const auto counts = count_by_tag(connection_, source_, table, layout_, range);
    if (!counts) return counts.error();
    auto known = memory_.day(table, range.begin);
    if (!known) return known.error();
    Choice choice{.range = range, .known = std::move(known).value()};
    std::uint64_t rows = 0;
    for (const auto& [id, count] : counts.value()) {
        if (auto chosen = choose(choice, id, count); !chosen) return chosen;
        rows += count;
    }
    for (const auto& [id, day] : choice.known) {
        const bool is_gone = day.rows > 0 && !counts.value().contains(id);
        if (!is_gone || !day.closed.all()) continue;
        if (auto chosen = choose(choice, id, 0); !chosen) return chosen;
    }
    if (choice.tags.empty()) return base::Done{};
    const auto open = day_of(range.begin) + static_cast<int>(choice.first_open) * 1h;
    Step step{.table = table,
              .layout = layout_,
              .range = {.begin = std::max(range.begin, open), .end = range.end},
              .tags = std::move(choice.tags)};
    step.whole_from = step.range.begin;
    if (step.range.begin == range.begin) return split(step, rows);
    const auto fewer = count(step.range);
    return fewer ? split(step, fewer.value()) : base::Status{fewer.error()};
}

/// Whether the tag is to be read; or what is to be told of it.
base::Status Plan::choose(Choice& choice, const std::string& id, std::uint64_t rows) {
    const auto found = tags_.find(id);
    if (!found) return found.error();
    const auto& tag = tags_.at(found.value());
    if (!tag.series) {
        const bool is_new = !seen_.unmapped.contains(tag.path);
        const bool is_full = seen_.unmapped.size() >= kUnmappedMax;
        seen_.unmapped[is_new && is_full ? kOthers : tag.path] += rows;
        return base::Done{};
    }
    const auto known = choice.known.find(id);
    const auto day = known == choice.known.end() ? Memory::Day{} : known->second;
    if (day.closed.all()) {
        if (choice.is_whole_day() && day.rows != rows) {
            note_changed(choice.range.begin, tag.path,
                         static_cast<std::int64_t>(rows) - static_cast<std::int64_t>(day.rows));
        }
        return base::Done{};
    }
    choice.tags.push_back(found.value());
    std::size_t open = 0;
    while (day.closed[open]) ++open;
    choice.first_open = std::min(choice.first_open, open);
    return base::Done{};
}

void Plan::note_changed(base::EventTime day, const std::string& path, std::int64_t rows) {
    ++seen_.changed_count;
    if (seen_.changed.size() >= kChangedMax) return;
    seen_.changed.push_back(
        {.table = tables_.front().name, .day = day, .path = path, .rows = rows});
}

/// Until each part is small enough, or a second.
base::Status Plan::split(const Step& step, std::uint64_t rows) {
    if (step.range.begin >= step.range.end) return base::Done{};
    if (rows <= kRowsAtOnce || step.range.length() <= 1s) {
        steps_.push_back(step);
        return base::Done{};
    }
    auto first = step;
    auto second = step;
    first.range.end = second.range.begin = middle_of(step.range);
    const auto before = count(first.range);
    if (!before) return before.error();
    if (auto done = split(first, before.value()); !done) return done;
    return split(second, rows - std::min(rows, before.value()));
}

}  // namespace imports::tables
