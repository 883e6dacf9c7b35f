#include "drivers/tables/rows/unit_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"
#include "drivers/core/names.hpp"
#include "drivers/core/units.hpp"
#include "drivers/tables/cell.hpp"

namespace drivers::tables {

namespace {

constexpr std::size_t kNamesMax = 1024;
constexpr std::array<std::string_view, 5> kEndings{"unitofmeasurement", "einheit", "units", "unit",
                                                   "uom"};
constexpr std::array<std::string_view, 5> kImperial{"imperial", "us", "uscs", "english", "usa"};
constexpr std::array<std::string_view, 3> kMetric{"metric", "si", "metricwx"};

/// What imperial units leave open: inches of mercury or psi, feet or inches, miles or knots.
constexpr std::array<std::string_view, 5> kOpenInImperial{"Pa", "m", "m/s", "kg", "m3"};

// Which of several units of a value counts.
constexpr int kOfAll = 1;
constexpr int kOfObject = 2;
constexpr int kAlike = 3;
constexpr int kOwn = 4;

template <std::size_t Size>
bool is_among(const std::array<std::string_view, Size>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// The letters and digits, in lower case.
std::string word_of(std::string_view text) {
    std::string word;
    for (const char c : base::lower(text)) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) word += c;
    }
    return word;
}

/// The object that a pointer leads into, with its last slash; empty for a plain name.
std::string_view object_of(std::string_view name) {
    return name.starts_with('/') ? name.substr(0, name.rfind('/') + 1) : std::string_view{};
}

/// "temperature_unit" is of "temperature", "unit" of "". Nothing for what names no unit.
std::optional<std::string> owner_of(std::string_view member) {
    const auto word = word_of(member);
    if (word == "scale") return "";
    if (word.ends_with("scale") && word.starts_with("temp")) return "temp";
    for (const auto ending : kEndings) {
        if (word.ends_with(ending)) return word.substr(0, word.size() - ending.size());
    }
    if (word.starts_with("unit") && word.size() > 6) return word.substr(word[4] == 's' ? 5 : 4);
    return std::nullopt;
}

/// Whether a unit of `owner` is one of a value called `name` that is recorded in `unit`.
bool is_alike(std::string_view owner, std::string_view name, std::string_view unit) {
    constexpr std::size_t kLeast = 3;
    const auto holds = [](std::string_view outer, std::string_view inner) {
        return inner.size() >= kLeast && outer.find(inner) != std::string_view::npos;
    };
    if (holds(name, owner) || holds(owner, name)) return true;
    if (owner.starts_with("temp")) return unit == "Cel";
    if (owner.starts_with("press") || owner.starts_with("baro")) {
        return conversion("Pa", unit).has_value();
    }
    const bool is_speed = owner.starts_with("speed") || owner.starts_with("wind");
    return is_speed && conversion("m/s", unit).has_value();
}

int rank_of(std::string_view owner, const ColumnOptions& column, std::string_view object) {
    if (object.size() > 1 && !column.column.starts_with(object)) return 0;
    if (owner.empty()) return object.size() > 1 ? kOfObject : kOfAll;
    if (owner.find("display") != std::string_view::npos) return 0;
    const auto name = word_of(std::string_view{column.column}.substr(column.column.rfind('/') + 1));
    const auto quantity = word_of(column.quantity);
    if (owner == name || owner == quantity) return kOwn;
    return is_alike(owner, name, column.unit) || is_alike(owner, quantity, column.unit) ? kAlike
                                                                                        : 0;
}

bool has(const std::vector<std::string>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// Degrees as one letter in lower case, and systems of units, in the words of the table of units.
/// Empty for a system in which there is one unit only.
std::string meant(std::string_view text, const ColumnOptions& column) {
    const auto word = word_of(text);
    if (column.unit == "Cel") {
        if (text == "f" || is_among(kImperial, word)) return "degF";
        if (text == "c" || is_among(kMetric, word)) return "degC";
    }
    return is_among(kMetric, word) ? std::string{} : std::string{text};
}

/// Whether a unit that counts for several columns can be of this one.
bool can_be_of(std::string_view text, const ColumnOptions& column) {
    if (conversion(text, column.unit)) return true;
    const auto plain = clear_unit(column.unit);
    return is_among(kImperial, word_of(text)) && plain && is_among(kOpenInImperial, plain->unit);
}

}  // namespace

std::vector<UnitColumns::Owned> UnitColumns::owned_by(const TableOptions& options,
                                                      std::string_view name) {
    const auto object = object_of(name);
    const auto owner = owner_of(name.substr(object.size()));
    if (!owner || has(options.ignored, name) || has(wanted_names(options), name)) return {};
    std::vector<Owned> owned;
    for (std::size_t i = 0; i < options.columns.size(); ++i) {
        const auto rank = rank_of(*owner, options.columns[i], object);
        if (rank > 0) owned.push_back({.column = i, .rank = rank});
    }
    return owned;
}

bool is_unit_name(const TableOptions& options, std::string_view name) {
    return !UnitColumns::owned_by(options, base::trimmed(name)).empty();
}

UnitColumns::UnitColumns(const TableOptions& options) : options_(options) {
    clear();
}

void UnitColumns::clear() {
    units_.assign(options_.columns.size(), {});
    ranks_.assign(options_.columns.size(), 0);
}

const std::vector<UnitColumns::Owned>& UnitColumns::owned_by(std::string_view name) {
    static const std::vector<Owned> kNone;
    const auto found = known_.find(name);
    if (found != known_.end()) return found->second;
    if (known_.size() == kNamesMax) return kNone;
    return known_.emplace(name, owned_by(options_, name)).first->second;
}

void UnitColumns::observe(std::string_view name, std::string_view text) {
    name = base::trimmed(name);
    text = base::trimmed(text);
    if (is_missing_word(text)) return;
    const auto& owned = owned_by(name);
    bool fits = owned.empty();
    for (const auto& [column, rank] : owned) {
        const auto& options = options_.columns[column];
        const auto unit = meant(text, options);
        const bool is_of_it = rank > kOfObject || owned.size() == 1 || can_be_of(unit, options);
        fits |= is_of_it || unit.empty();
        if (!is_of_it || rank <= ranks_[column]) continue;
        units_[column] = unit;
        ranks_[column] = rank;
    }
    if (fits || is_told_ || !is_unit(text)) return;
    is_told_ = true;
    notes_.push_back(fmt::format(
        "\"{}\" says \"{}\", which no column that is read can be in: they count as configured",
        shown(name), shown(text)));
}

}  // namespace drivers::tables
