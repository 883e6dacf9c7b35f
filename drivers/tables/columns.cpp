#include "drivers/tables/columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "drivers/core/names.hpp"
#include "drivers/tables/cell.hpp"
#include "drivers/tables/csv.hpp"
#include "drivers/tables/encoding.hpp"

namespace drivers::tables {

namespace {

constexpr std::size_t kNamesShownMax = 40;

std::optional<std::size_t> number_of(const std::string& column, std::size_t fields) {
    std::size_t number = 0;
    const auto* end = column.data() + column.size();
    const auto parsed = std::from_chars(column.data(), end, number);
    if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
    if (number < 1 || number > fields) return std::nullopt;
    return number - 1;
}

std::optional<std::size_t> place_of(std::string_view column,
                                    const std::vector<std::string>& header) {
    const auto named = std::find(header.begin(), header.end(), base::trimmed(column));
    if (named == header.end()) return std::nullopt;
    return static_cast<std::size_t>(named - header.begin());
}

/// The second column of that name; whose values are meant is anybody's guess.
std::optional<std::size_t> second_place_of(std::string_view column,
                                           const std::vector<std::string>& header) {
    const auto first = place_of(column, header);
    if (!first) return std::nullopt;
    const auto behind = header.begin() + static_cast<std::ptrdiff_t>(*first) + 1;
    const auto named = std::find(behind, header.end(), base::trimmed(column));
    if (named == header.end()) return std::nullopt;
    return static_cast<std::size_t>(named - header.begin());
}

/// What to write when the header is one field, because its separator is another.
std::string separator_hint(const TableOptions& options, const std::vector<std::string>& header) {
    if (header.size() != 1) return {};
    for (const auto& [sign, written] :
         {std::pair{';', ";"}, {'\t', "\\t"}, {',', ","}, {'|', "|"}}) {
        if (sign == options.separator || header.front().find(sign) == std::string::npos) continue;
        return fmt::format("; is it separator = \"{}\"?", written);
    }
    return {};
}

base::Error missing(const TableOptions& options, const std::string& column,
                    const std::vector<std::string>& header) {
    auto detail = fmt::format("{} has no column \"{}\"", options.file, shown(column));
    if (header.empty()) {
        detail += "; without a header they are numbered \"1\", \"2\" and so on";
        return {base::Fault::misconfigured, detail};
    }
    if (const auto near = base::nearest_word(column, header)) {
        detail += fmt::format("; did you mean \"{}\"?", shown(*near));
    }
    std::vector<std::string> names;
    for (const auto& name : header) {
        if (names.size() < kNamesShownMax) names.push_back(shown(name));
    }
    detail += fmt::format("; its {} columns: {}", header.size(), fmt::join(names, ", "));
    if (names.size() < header.size()) detail += " ...";
    return {base::Fault::misconfigured, detail + separator_hint(options, header)};
}

}  // namespace

std::size_t Columns::fields_least() const {
    std::size_t least = 0;
    for (const auto& field : wanted) least = std::max(least, field ? *field + 1 : 0);
    return least;
}

std::vector<std::string> header_names(const TableOptions& options,
                                      const std::vector<std::string>& fields) {
    std::vector<std::string> names;
    for (const auto& field : fields) {
        std::string_view name = base::trimmed(field);
        const bool is_marked = names.empty() && !options.comment.empty() &&
                               name.size() > options.comment.size() &&
                               name.starts_with(options.comment);
        if (is_marked) name = base::trimmed(name.substr(options.comment.size()));
        names.push_back(utf8_of(name));
    }
    while (!names.empty() && names.back().empty()) names.pop_back();
    return names;
}

base::Result<Columns> find_columns(const TableOptions& options,
                                   const std::vector<std::string>& header, bool has_row_names) {
    Columns columns;
    const std::size_t shift = has_row_names ? 1 : 0;
    if (!header.empty()) columns.fields = header.size() + shift;
    const auto numbers_to = header.empty() ? kFieldsMax : columns.fields;
    for (const auto& column : wanted_names(options)) {
        // By name first, since a name may be a number.
        auto place = place_of(column, header);
        if (const auto second = second_place_of(column, header)) {
            return base::Error{
                base::Fault::misconfigured,
                fmt::format("{} has two columns \"{}\"; write the number of the one that is meant: "
                            "\"{}\" or \"{}\"",
                            options.file, shown(column), *place + shift + 1, *second + shift + 1)};
        }
        if (place) *place += shift;
        if (!place) place = number_of(column, numbers_to);
        if (!place) return missing(options, column, header);
        columns.wanted.push_back(place);
    }
    return columns;
}

Columns columns_of_later_header(const TableOptions& options,
                                const std::vector<std::string>& header) {
    Columns columns{.fields = header.size(), .wanted = {}};
    for (const auto& column : wanted_names(options)) {
        auto place = place_of(column, header);
        if (!place) place = number_of(column, header.size());
        columns.wanted.push_back(second_place_of(column, header) ? std::nullopt : place);
    }
    return columns;
}

bool is_header(const TableOptions& options, const std::vector<std::string>& names) {
    const auto has = [&](const std::string& name) {
        return !number_of(name, kFieldsMax) && place_of(name, names).has_value();
    };
    if (!options.times.empty() && has(options.times.front())) return true;
    return std::all_of(options.columns.begin(), options.columns.end(),
                       [&](const ColumnOptions& one) { return has(one.column); });
}

}  // namespace drivers::tables
