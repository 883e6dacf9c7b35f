#include "drivers/tables/rows/unmentioned.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "drivers/core/identity.hpp"
#include "drivers/core/names.hpp"
#include "drivers/core/units.hpp"
#include "drivers/tables/cell.hpp"
#include "drivers/tables/rows/row_names.hpp"
#include "drivers/tables/rows/unit_columns.hpp"
#include "drivers/tables/rows/zone_marks.hpp"

namespace drivers::tables {

namespace {

constexpr std::size_t kColumnsMax = 256;
constexpr std::size_t kTextMax = 64;  // A longer one is no identity.
constexpr std::size_t kToldMax = 1024;

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool looks_like_identity(std::string_view text) {
    return text.size() <= kTextMax && !looks_like_time(text) &&
           std::any_of(text.begin(), text.end(), is_letter);
}

bool is_number(std::string_view text, const TableOptions& options) {
    const auto cell = read_cell(text, {.decimal_comma = options.decimal_comma, .unit = "/"});
    return cell.kind == Cell::Kind::number;
}

}  // namespace

void Unmentioned::begin(const std::vector<std::string>& names) {
    columns_.clear();
    for (const auto& name : names) add(name);
}

void Unmentioned::add(std::string_view name) {
    const auto wanted = wanted_names(options_);
    const auto has = [&](const std::vector<std::string>& list, std::string_view one) {
        return std::find(list.begin(), list.end(), one) != list.end();
    };
    const auto number = std::to_string(columns_.size() + 1);
    // Files whose columns change for ever are not told of for ever.
    const bool is_mentioned = told_.size() >= kToldMax || has(wanted, name) ||
                              has(wanted, number) || has(options_.ignored, name) ||
                              has(options_.ignored, number) || has(told_, name) || name.empty() ||
                              columns_.size() >= kColumnsMax;
    // A column without a name numbers the rows, as R writes it.
    columns_.push_back({.name = std::string{name},
                        .kind = is_mentioned ? Kind::settled : Kind::unknown,
                        .first = {},
                        .other = {},
                        .last = {}});
}

void Unmentioned::observe(const std::vector<std::string>& fields) {
    const auto count = std::min(fields.size(), columns_.size());
    for (std::size_t i = 0; i < count; ++i) observe(columns_[i], fields[i]);
}

void Unmentioned::observe(std::string_view name, std::string_view text) {
    auto found = std::find_if(columns_.begin(), columns_.end(),
                              [&](const Column& one) { return one.name == name; });
    if (found == columns_.end()) {
        if (columns_.size() >= kColumnsMax) return;
        add(name);
        found = std::prev(columns_.end());
    }
    observe(*found, text);
}

void Unmentioned::observe_other(std::string_view name, std::string_view text) {
    if (is_number(text, options_) && !names_identity(name)) observe(name, text);
}

void Unmentioned::observe(Column& column, std::string_view text) {
    if (column.kind == Kind::settled) return;
    text = base::trimmed(text);
    if (is_missing_word(text)) return;
    if (column.kind == Kind::unknown) classify(column, text);
    if (column.kind == Kind::identity) watch(column, text);
}

/// True when the column says a zone, which is told where the times lack one.
bool Unmentioned::is_zone(Column& column, std::string_view text) {
    const bool lacks_zone =
        !options_.times.empty() && !options_.has_time_zone && options_.time_format.is_local();
    if (!lacks_zone || !is_zone_name(column.name)) return false;
    column.kind = Kind::settled;
    told_.push_back(column.name);
    const bool is_region = text.find('/') != std::string_view::npos;
    if (text != "UTC" && text != "Z") {
        notes_.push_back(fmt::format(
            "\"{0}\" says \"{1}\", and times that do not name their zone count as UTC; write "
            "time_zone = {2}, or ignore = [\"{0}\"]",
            shown(column.name), shown(text),
            is_region ? "\"" + shown(text) + "\"" : zones_for(text)));
    }
    return true;
}

void Unmentioned::classify(Column& column, std::string_view text) {
    if (is_zone(column, text)) return;
    if (is_unit_name(options_, column.name) && (is_unit(text) || options_.columns.size() == 1)) {
        column.kind = Kind::settled;
        return;
    }
    if (looks_like_identity(text) || (names_identity(column.name) && text.size() <= kTextMax)) {
        column.kind = Kind::identity;
        column.first = text;
        column.last.clear();
        return;
    }
    column.kind = Kind::settled;
    if (options_.times.empty() && is_time_name(column.name)) {
        told_.push_back(column.name);
        notes_.push_back(fmt::format(
            "rows count as of now; is \"{0}\" their time? Then write time_column = \"{0}\"; else "
            "ignore = [\"{0}\"]",
            shown(column.name)));
        return;
    }
    if (!is_number(text, options_)) return;
    numbers_.push_back(column.name);
    told_.push_back(column.name);
}

/// Texts that differ and come again say whose reading a row is. Those that never come again are
/// numbers of rows, or remarks.
void Unmentioned::watch(Column& column, std::string_view text) {
    column.recurs |= !column.last.empty() && (text == column.last || text == column.first);
    if (text != column.first && column.other.empty()) column.other = text;
    column.last = text;
    if (column.other.empty() || !column.recurs) return;
    column.kind = Kind::settled;
    told_.push_back(column.name);
    identities_.push_back("\"" + shown(column.name) + "\"");
    examples_.push_back(fmt::format("\"{}\" = \"{}\" and \"{}\"", shown(column.name),
                                    shown(column.first), shown(column.other)));
}

/// One line for all that were found together: a rule for one of them alone would mix the others.
void Unmentioned::tell_identities(std::vector<std::string>& notes) {
    if (identities_.empty()) return;
    notes.push_back(fmt::format(
        "rows of {0} go into one series; by = [{1}] makes one for each, ignore = [{1}] says that "
        "it is right so",
        fmt::join(examples_, ", "), fmt::join(identities_, ", ")));
    identities_.clear();
    examples_.clear();
}

std::vector<std::string> Unmentioned::take_notes() {
    auto notes = std::exchange(notes_, {});
    tell_identities(notes);
    if (numbers_.empty()) return notes;
    std::vector<std::string> names;
    for (const auto& name : numbers_) names.push_back("\"" + shown(name) + "\"");
    notes.push_back(fmt::format(
        "not measured: {}; to take one, add it to [sensor.columns] as {} = \"{}\"; to leave it, "
        "write ignore = [{}]",
        fmt::join(names, ", "), names.front(), safe_name(numbers_.front()),
        fmt::join(names, ", ")));
    numbers_.clear();
    return notes;
}

}  // namespace drivers::tables
