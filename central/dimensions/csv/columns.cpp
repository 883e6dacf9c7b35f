#include "central/dimensions/csv/columns.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/settings.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "drivers/tables/csv.hpp"

namespace dimensions::csv {

namespace {

using Names = std::vector<std::string>;

const Names kOfSeries{"node", "series", "location", "tags", "valid_from", "valid_to"};
const Names kOfTags{"tag", "path", "description", "integrity", "valid_from", "valid_to"};
constexpr std::size_t kShownMax = 40;

bool holds(const Names& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

base::Error malformed(std::string detail) {
    return {base::Fault::malformed, "line 1: " + std::move(detail)};
}

}  // namespace

char Columns::separator_of(std::string_view header) {
    char separator = ',';
    for (const char candidate : {';', '\t'}) {
        const auto more = std::count(header.begin(), header.end(), candidate);
        if (more > std::count(header.begin(), header.end(), separator)) separator = candidate;
    }
    return separator;
}

base::Result<Columns> Columns::parse(std::string_view header) {
    Names names;
    if (!drivers::tables::split_row(header, separator_of(header), names)) {
        return malformed("the header is not a row of a table");
    }
    for (auto& name : names) name = base::lower(base::trimmed(name));
    const bool is_of_series = holds(names, "node");
    if (is_of_series == holds(names, "tag")) {
        return malformed(
            "the header needs a column node, for where series are, or a column tag, for what tags "
            "mean, and not both");
    }
    const auto& known = is_of_series ? kOfSeries : kOfTags;
    for (const auto& name : names) {
        if (std::count(names.begin(), names.end(), name) > 1) {
            return malformed(
                fmt::format("the column {} is there twice", base::printable(name, kShownMax)));
        }
        if (holds(known, name)) continue;
        const auto near = base::nearest_word(name, known);
        return malformed(fmt::format("\"{}\" is not one of the columns {}{}",
                                     base::printable(name, kShownMax), fmt::join(known, ", "),
                                     near ? "; did you mean " + *near + "?" : ""));
    }
    if (is_of_series && !holds(names, "location") && !holds(names, "tags")) {
        return malformed("beside node there must be location, or tags, or both");
    }
    return Columns{std::move(names)};
}

bool Columns::has(std::string_view name) const {
    return holds(names_, name);
}

std::string_view Columns::text(const std::vector<std::string>& fields,
                               std::string_view name) const {
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found == names_.end()) return {};
    return base::trimmed(fields.at(static_cast<std::size_t>(found - names_.begin())));
}

}  // namespace dimensions::csv
