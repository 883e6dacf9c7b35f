#include "central/sinks/tables/readings/months.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <limits>
#include <utility>

#include "sql/transaction.hpp"

namespace sinks {

namespace {

using std::chrono::months;
using std::chrono::sys_days;
using std::chrono::year_month;

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

constexpr months kBehindMax{240};
constexpr months kAheadMax{13};
constexpr year_month kFirst{std::chrono::year{1970}, std::chrono::month{1}};
constexpr year_month kLast{std::chrono::year{2200}, std::chrono::month{1}};

constexpr std::int64_t kYearAtMost = std::int64_t{366} * 24 * 3'600 * 1'000;

/// Of a part that is counted at once.
constexpr std::int64_t kBytesMax = 512 * 1024 * 1024;

// Bounds are told as text: "FOR VALUES FROM ('1764547200000') TO (MAXVALUE)".
constexpr const char* kPartitions =
    "SELECT child.oid::regclass::text,"
    " coalesce(CAST(substring(bound.text FROM 'FROM \\(''?(-?[0-9]+)') AS bigint),"
    "  CAST(-9223372036854775808 AS bigint)),"
    " coalesce(CAST(substring(bound.text FROM 'TO \\(''?(-?[0-9]+)') AS bigint),"
    "  9223372036854775807)"
    " FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid"
    " CROSS JOIN LATERAL (SELECT pg_get_expr(child.relpartbound, child.oid) AS text) AS bound"
    " WHERE inhparent = CAST('reading_block' AS regclass)";
constexpr const char* kChunks =
    "SELECT format('%I.%I', chunk_schema, chunk_name), range_start_integer, range_end_integer"
    " FROM timescaledb_information.chunks"
    " WHERE hypertable_schema = current_schema() AND hypertable_name = 'reading_block'";

year_month month_of(base::EventTime at) {
    const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(at)};
    return day.year() / day.month();
}

std::int64_t begin_of(year_month month) {
    return base::to_milliseconds(base::EventTime{sys_days{month / 1}});
}

/// A calendar says nothing of times beyond: its years have 16 bits, and those of JSON more.
bool has_month(base::EventTime at) {
    const auto ms = base::to_milliseconds(at);
    return ms >= begin_of(kFirst) && ms < begin_of(kLast);
}

/// Some clock was wrong.
bool is_strange(base::EventTime first_at, base::EventTime received) {
    if (!has_month(first_at) || !has_month(received)) return true;
    const auto month = month_of(first_at);
    const auto now = month_of(received);
    return month < now - kBehindMax || month > now + kAheadMax;
}

/// From where to where a part goes that such a block needs, if no other one is in its way.
std::pair<std::int64_t, std::int64_t> wanted_for(base::EventTime first_at,
                                                 base::EventTime received) {
    const auto at = base::to_milliseconds(first_at);
    if (at < begin_of(kFirst)) return {kLeast, begin_of(kFirst)};
    if (at >= begin_of(kLast)) return {begin_of(kLast), kMost};
    const auto month = month_of(first_at);
    if (!is_strange(first_at, received)) {
        return {begin_of(month), begin_of(month + months{1})};
    }
    const auto january = month.year() / std::chrono::January;
    return {begin_of(january), begin_of(january + months{12})};
}

/// How wide a chunk of such a time is: a year; before 1970 and after 2200 so wide that there are
/// few in all the time that JSON can say. It begins at a multiple of its width, or with 1970, so
/// that none of the wide ones has a year between the two.
std::int64_t strange_width(std::int64_t at) {
    const auto centuries = begin_of(kLast);
    if (at >= 0 && at < centuries) return kYearAtMost;
    auto width = centuries;
    constexpr std::int64_t kStep = 16;
    while (width <= std::numeric_limits<std::int64_t>::max() / kStep &&
           (at >= width * kStep || at < -width * kStep)) {
        width *= kStep;
    }
    return width;
}

std::string bound(std::int64_t at) {
    if (at == kLeast) return "MINVALUE";
    return at == kMost ? "MAXVALUE" : fmt::format("{}", at);
}

}  // namespace

base::Status Months::cover(const BlockPlace& block) {
    if (!division_) {
        if (auto observed = observe(); !observed) return observed;
    }
    if (division_ == Division::none) return base::Done{};
    const auto at = base::to_milliseconds(block.first_at);
    if (is_covered(at)) return base::Done{};
    if (division_ == Division::months) return make_partition(block);
    if (!is_strange(block.first_at, block.received)) return base::Done{};
    // TimescaleDB makes chunks that were not seen here.
    if (auto observed = observe(); !observed) return observed;
    return is_covered(at) ? base::Done{} : make_chunk(block);
}

bool Months::is_covered(std::int64_t at) const {
    const auto next = parts_.upper_bound(at);
    return next != parts_.begin() && at < std::prev(next)->second.to;
}

base::Status Months::observe() {
    const auto division = division_of(database_);
    if (!division) return division.error();
    if (division.value() != Division::none) {
        auto parts = read(division.value() == Division::months ? kPartitions : kChunks);
        if (!parts) return parts.error();
        parts_ = std::move(parts).value();
    }
    division_ = division.value();
    return base::Done{};
}

base::Result<std::map<std::int64_t, Months::Part>> Months::read(const char* sql) {
    std::map<std::int64_t, Part> parts;
    auto query = database_.query(sql);
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return parts;
        parts[query.integer(1)] = {
            .name = query.string(0), .from = query.integer(1), .to = query.integer(2)};
    }
}

/// By the month in which it begins. One that somebody has detached keeps its name.
base::Result<std::string> Months::free_name(std::int64_t from) {
    std::string name = "reading_block_before";
    if (from != kLeast) {
        const auto month = month_of(base::from_milliseconds(from));
        name = fmt::format("reading_block_{:04}_{:02}", static_cast<int>(month.year()),
                           static_cast<unsigned>(month.month()));
    }
    for (int copies = 1;; ++copies) {
        auto candidate = copies == 1 ? name : fmt::format("{}_{}", name, copies);
        auto query = database_.query(
            "SELECT 1 FROM pg_class WHERE relname = ?"
            " AND relnamespace ="
            " to_regnamespace(quote_ident(current_schema()))");
        const auto taken = query.bind(candidate).next();
        if (!taken) return taken.error();
        if (!taken.value()) return candidate;
    }
}

/// To attach it takes no lock that a reader has, as CREATE TABLE … PARTITION OF would.
base::Status Months::make_partition(const BlockPlace& block) {
    const auto next = parts_.upper_bound(base::to_milliseconds(block.first_at));
    auto [from, to] = wanted_for(block.first_at, block.received);
    if (next != parts_.begin()) from = std::max(from, std::prev(next)->second.to);
    if (next != parts_.end()) to = std::min(to, next->second.from);
    auto name = free_name(from);
    if (!name) return name.error();
    auto made =
        database_.execute(fmt::format("CREATE TABLE {0} (LIKE reading_block INCLUDING DEFAULTS);"
                                      " ALTER TABLE reading_block ATTACH PARTITION {0}"
                                      " FOR VALUES FROM ({1}) TO ({2})",
                                      name.value(), bound(from), bound(to)));
    if (!made) return made;
    parts_[from] = {.name = std::move(name).value(), .from = from, .to = to};
    return base::Done{};
}

/// Of the usual times TimescaleDB makes it itself.
base::Status Months::make_chunk(const BlockPlace& block) {
    auto query = database_.query("SELECT make_chunk(?, ?, ?, ?)");
    const auto row = query.bind(block.first_at)
                         .bind(strange_width(base::to_milliseconds(block.first_at)))
                         .bind(block.series)
                         .bind(block.incarnation)
                         .next();
    if (!row) return row.error();
    return observe();
}

base::Result<std::optional<Removed>> Months::drop_one(base::EventTime before) {
    // Anew each time: an operator may have dropped one.
    if (auto observed = observe(); !observed) return observed.error();
    if (division_ == Division::none) return std::optional<Removed>{};
    sql::Transaction transaction{database_};
    if (!transaction.begun()) return transaction.begun().error();
    const auto parts = read(division_ == Division::months ? kPartitions : kChunks);
    if (!parts) return parts.error();
    for (const auto& [from, part] : parts.value()) {
        if (part.to > base::to_milliseconds(before)) break;
        const auto countable = is_countable(part);
        if (!countable) return countable.error();
        if (!countable.value()) continue;
        const auto removed = count(part);
        if (!removed) return removed.error();
        const auto dropped = drop(part);
        if (!dropped) return dropped.error();
        if (!dropped.value()) break;
        if (auto ended = transaction.commit(); !ended) return ended.error();
        parts_.erase(from);
        return std::optional{removed.value()};
    }
    return std::optional<Removed>{};
}

base::Result<bool> Months::is_countable(const Part& part) {
    auto query = database_.query("SELECT pg_relation_size(CAST(? AS regclass)) <= ?");
    const auto row = query.bind(part.name).bind(kBytesMax).next();
    if (!row) return row.error();
    return row.value() && query.integer(0) != 0;
}

base::Result<Removed> Months::count(const Part& part) {
    auto query = database_.query(
        "SELECT count(*), CAST(coalesce(sum(count), 0) AS bigint) FROM reading_block"
        " WHERE first_at >= ? AND first_at < ?");
    const auto row = query.bind(part.from).bind(part.to).next();
    if (!row) return row.error();
    return Removed{.blocks = query.count(0), .readings = query.count(1)};
}

base::Result<bool> Months::drop(const Part& part) {
    auto query = database_.query("SELECT drop_readings(?, ?, ?)");
    const auto row = query.bind(part.name).bind(part.from).bind(part.to).next();
    if (!row) return row.error();
    return row.value() && query.integer(0) != 0;
}

}  // namespace sinks
