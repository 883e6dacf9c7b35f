#include "drivers/tables/rows/writing.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/ensure.hpp"
#include "base/text.hpp"
#include "drivers/core/names.hpp"
#include "drivers/tables/cell.hpp"
#include "drivers/tables/rows/name_marks.hpp"
#include "drivers/tables/rows/unit_looks.hpp"
#include "drivers/tables/rows/zone_marks.hpp"

namespace drivers::tables {

namespace {

/// In which unit the configuration says that the cells are.
const std::string& unit_of_cells(const ColumnOptions& column) {
    return column.written.empty() ? column.unit : column.written;
}

/// As the configuration alone says it.
ColumnWriting configured(const ColumnOptions& column) {
    return {.scale = conversion(unit_of_cells(column), column.unit).value_or(Scale{}),
            .contradiction = {}};
}

std::string contradiction_of(const ColumnOptions& column, std::string_view unit) {
    return fmt::format(
        "\"{}\" is in {}{}, and its unit here is {}; if the file is wrong, write {{ quantity = "
        "\"{}:{}\", written = \"{}\" }}",
        shown(column.column), shown(unit), is_unit(unit) ? "" : ", which is not known",
        unit_of_cells(column), column.quantity, column.unit, unit_of_cells(column));
}

/// A file that says another unit than the configuration does: converted, when only one of the two
/// says in which unit the cells are.
ColumnWriting said_by_file(const ColumnOptions& column, std::string_view unit) {
    if (is_same_unit(unit, unit_of_cells(column))) return configured(column);
    const auto scale = conversion(unit, column.unit);
    const bool agrees = column.written.empty() || scale == conversion(column.written, column.unit);
    if (scale && agrees) return {.scale = *scale, .contradiction = {}};
    return {.scale = {}, .contradiction = contradiction_of(column, unit)};
}

void add_unit(const ColumnOptions& column, const std::string& unit, ColumnWriting& writing,
              std::vector<std::string>& notes) {
    const auto said = said_by_file(column, unit);
    const bool claims_none = column.unit == "/" && (column.has_usual_unit || !is_unit(unit));
    if (!said.contradiction.empty() && claims_none) {
        // Nobody claims a unit: the numbers are right, and have none.
        notes.push_back(
            fmt::format("\"{0}\" is in {1}, and counts without a unit; to give it one, "
                        "write \"{0}\" = \"{2}:UNIT\"",
                        shown(column.column), shown(unit), column.quantity));
        return;
    }
    if (said.scale != configured(column).scale) {
        notes.push_back(fmt::format("\"{}\" is in {}, as the file says, and is converted to {}",
                                    shown(column.column), shown(unit), column.unit));
    }
    writing = said;
}

void add_zone(const TableOptions& options, const ZoneMark& mark, Writing& writing) {
    if (!mark.zone) {
        if (options.has_time_zone) return;
        writing.zone_trouble = fmt::format(
            "its times are in \"{}\", which can mean several zones; write time_zone = {}",
            shown(mark.text), zones_for(mark.text));
        return;
    }
    auto zone = TimeZone::find(*mark.zone);
    if (!zone) return;
    if (options.has_time_zone && !zone.value().is_same(options.time_zone)) {
        writing.zone_trouble = fmt::format(
            "its times are in {}, and time_zone = \"{}\" says otherwise; leave time_zone out, or "
            "write time_zone = \"{}\"",
            shown(mark.text), options.time_zone.name(), zone.value().name());
        return;
    }
    writing.zone = std::move(zone).value();
}

}  // namespace

base::Status Writing::check(const TableOptions& options) const {
    std::string wrong = zone_trouble;
    for (const auto& column : columns) {
        if (wrong.empty()) wrong = column.contradiction;
    }
    if (wrong.empty()) return base::Done{};
    return base::Error{base::Fault::misconfigured, fmt::format("{}: {}", options.file, wrong)};
}

Writing writing_of(const TableOptions& options, const std::vector<std::string>& names) {
    const auto first = options.times.size() + options.by.size();
    ENSURE(names.size() == first + options.columns.size());
    Writing writing;
    for (std::size_t i = 0; i < options.columns.size(); ++i) {
        const auto& column = options.columns[i];
        auto& own = writing.columns.emplace_back(configured(column));
        if (!column.heeds_header) continue;
        const auto mark = unit_in(names[first + i], column.unit);
        if (mark) add_unit(column, mark->text, own, writing.notes);
    }
    for (std::size_t i = 0; i < options.times.size() && options.time_format.is_local(); ++i) {
        if (const auto mark = zone_in(names[i])) {
            add_zone(options, *mark, writing);
        } else if (is_local_name(names[i]) && !options.has_time_zone) {
            writing.notes.push_back(fmt::format(
                "\"{}\" is a local time by its name, and counts as UTC where it does not say its "
                "zone; write time_zone = {}",
                shown(names[i]), zones_for({})));
        }
    }
    return writing;
}

bool add_units(const TableOptions& options, const std::vector<std::string_view>& cells,
               Writing& writing) {
    ENSURE(cells.size() == options.columns.size() && writing.columns.size() == cells.size());
    const bool has_units = std::any_of(cells.begin(), cells.end(), [](std::string_view cell) {
        return is_unit(without_brackets(cell));
    });
    if (!has_units) return false;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const auto& column = options.columns[i];
        const auto unit = without_brackets(cells[i]);
        if (!column.heeds_header || !is_unit(unit)) continue;
        add_unit(column, std::string{unit}, writing.columns[i], writing.notes);
    }
    return true;
}

ColumnWriting written_in(const ColumnOptions& column, std::string_view unit) {
    unit = without_brackets(unit);
    if (!column.heeds_header || unit == unit_of_cells(column)) return configured(column);
    auto said = said_by_file(column, unit);
    const bool claims_none = column.has_usual_unit && column.unit == "/";
    return claims_none && !said.contradiction.empty() ? configured(column) : said;
}

}  // namespace drivers::tables
