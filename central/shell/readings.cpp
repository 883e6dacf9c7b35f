#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "central/shell/question.hpp"
#include "central/shell/subjects.hpp"
#include "central/text/rfc3339.hpp"
#include "central/views/readings/reading_text.hpp"
#include "central/views/series_view.hpp"

namespace shell {

namespace {

constexpr std::size_t kReadingsMax = 50'000;  // All of them are in memory; `export` is for more.

std::vector<Column> columns() {
    return {{.name = "t", .title = "time"},          {.name = "value", .title = "value"},
            {.name = "quality", .title = "quality"}, {.name = "clock", .title = "clock"},
            {.name = "incarnation", .title = {}},    {.name = "seq", .title = "record"},
            {.name = "stored_at", .title = "stored"}};
}

Row row_of(const sinks::StoredReading& reading) {
    return {reading.place.at,
            shown_as(reading.value, fmt::format("{}", reading.value)),
            std::string{views::quality_of(reading)},
            std::string{wire::to_text(reading.origin.clock)},
            wire::to_text(reading.origin.incarnation),
            reading.origin.seq,
            reading.origin.received};
}

std::string readings_text(std::uint64_t count) {
    return fmt::format("{} {}", count, count == 1 ? "reading" : "readings");
}

/// What is not among the rows.
std::string remark_of(bool is_cut, std::size_t shown, std::uint64_t summarised) {
    std::string remark;
    if (is_cut) {
        remark = fmt::format("the first {} of more; --limit shows them, or a later --from", shown);
    }
    if (summarised == 0) return remark;
    if (!remark.empty()) remark += "; ";
    return remark + fmt::format(
                        "of {} there the node sent only a summary: leat-central windows "
                        "has what is known",
                        readings_text(summarised));
}

}  // namespace

Answer list_readings(const Question& question) {
    const auto limit = parse_limit(question.command.option("limit"), kReadingsMax);
    if (!limit) return limit.error();
    const auto series = one_series(question.facts, question.command.option("series"));
    if (!series) return series.error();
    const auto from = time_of(question, "from");
    if (!from) return from.error();
    const auto to = time_of(question, "to");
    if (!to) return to.error();
    const auto& declared = series.value().declared;
    const auto most = std::min(limit.value(), kReadingsMax);
    const sinks::ReadingRange range{.node = series.value().node,
                                    .series = declared.series,
                                    .from = from.value(),
                                    .to = to.value(),
                                    .readings_max = most + 1};
    const auto readings = question.facts.query.readings(range);
    if (!readings) return readings.error();
    const auto extent = question.facts.query.reading_extent(range);
    if (!extent) return extent.error();
    const auto id = views::series_id(series.value());
    const bool is_cut = readings.value().size() > most;
    const auto shown = std::min(readings.value().size(), most);
    Table table{.facts = {{"series", id},
                          {"quantity", declared.quantity},
                          {"unit", declared.unit},
                          {"from", from.value()},
                          {"to", to.value()},
                          {"kept_from", extent.value().first_at},
                          {"summarised", extent.value().summarised}},
                .columns = columns(),
                .remark = remark_of(is_cut, shown, extent.value().summarised)};
    table.when_empty = id + " has no single reading there";
    const auto& kept = extent.value().first_at;
    const auto& first = series.value().first_at;
    // What came before is in windows only.
    if (kept && *kept > from.value() && first && *first < *kept) {
        if (!table.remark.empty()) table.remark += "; ";
        table.remark +=
            "the first that is kept singly is of " + text::short_rfc3339(*kept, question.zone);
    }
    if (!table.remark.empty()) table.when_empty += "; " + table.remark;
    for (std::size_t i = 0; i < shown; ++i) table.rows.push_back(row_of(readings.value()[i]));
    if (shown > 0) {
        table.heading = {fmt::format("{}: {} in {}", id, declared.quantity, declared.unit)};
    }
    return table;
}

}  // namespace shell
