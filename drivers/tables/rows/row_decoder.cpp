#include "drivers/tables/rows/row_decoder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/ensure.hpp"
#include "base/text.hpp"
#include "drivers/core/names.hpp"

namespace drivers::tables {

namespace {

constexpr std::size_t kQuantitiesMax = 512;

/// The name of a column's series for a text of each of `by`. Two that differ never give one name:
/// where joining them could, the name has a hash of them all.
std::string split_name(const std::vector<std::string>& keys, const std::string& quantity) {
    std::string readable;
    std::string exact;
    bool is_plain = quantity.find('-') == std::string::npos;
    for (const auto& key : keys) {
        is_plain &= distinct_name(key) == key;
        is_plain &= keys.size() == 1 || key.find('-') == std::string::npos;
        readable += safe_name(key) + "-";
        exact += fmt::format("{} {}", key.size(), key);
    }
    readable += quantity;
    return is_plain && is_name(readable) ? readable : marked_name(readable, exact + quantity);
}

}  // namespace

void DecodedRow::clear() {
    time.reset();
    values.clear();
    bad_cells.clear();
    is_other = false;
    trouble.reset();
}

RowDecoder::RowDecoder(const TableOptions& options) : options_(options), times_(options) {
    for (const auto& column : options.columns) {
        CellFormat format{.decimal_comma = options.decimal_comma,
                          .missing = options.missing,
                          .unit = column.unit};
        format.missing.insert(format.missing.end(), column.missing.begin(), column.missing.end());
        formats_.push_back(std::move(format));
    }
    for (std::size_t i = 0; i < options.columns.size() && options.by.empty(); ++i) add_quantity(i);
    // Until a header says more: keys have names, too.
    if (!formats_.empty()) set_writing(writing_of(options, wanted_names(options)));
}

void RowDecoder::set_writing(const Writing& writing) {
    ENSURE(writing.columns.size() == formats_.size());
    for (std::size_t i = 0; i < formats_.size(); ++i) {
        formats_[i].scale = writing.columns[i].scale;
        formats_[i].contradiction = writing.columns[i].contradiction;
    }
    writings_ = writing.columns;
    units_.assign(formats_.size(), {});
    times_.set_zone(writing.zone, writing.zone_trouble);
    // The same header may be read several times.
    if (writing.notes == writing_notes_) return;
    writing_notes_ = writing.notes;
    notes_.insert(notes_.end(), writing.notes.begin(), writing.notes.end());
}

void RowDecoder::set_units(const std::vector<std::string>& units) {
    if (units == units_) return;
    ENSURE(units.size() == formats_.size());
    units_ = units;
    for (std::size_t i = 0; i < units.size(); ++i) {
        const auto writing =
            units[i].empty() ? writings_[i] : written_in(options_.columns[i], units[i]);
        formats_[i].scale = writing.scale;
        formats_[i].contradiction = writing.contradiction;
    }
}

void RowDecoder::decode(const Cells& cells, DecodedRow& row) {
    row.clear();
    const auto first = options_.times.size() + options_.by.size();
    ENSURE(cells.size() == first + options_.columns.size());
    row.is_other = true;
    for (auto i = first; i < cells.size(); ++i) row.is_other &= !cells[i].has_value();
    if (row.is_other || !read_time(cells, row) || !read_key(cells, row)) return;
    for (auto i = first; i < cells.size(); ++i) {
        if (cells[i]) add_cell(i - first, *cells[i], row);
    }
}

bool RowDecoder::read_time(const Cells& cells, DecodedRow& row) {
    if (options_.times.empty()) return true;
    std::string joined;
    for (std::size_t i = 0; i < options_.times.size(); ++i) {
        if (!cells[i]) {
            row.trouble = Trouble{
                "no time", fmt::format("no time: there is no \"{}\"", shown(options_.times[i]))};
            return false;
        }
        if (i > 0) joined += ' ';
        joined += base::trimmed(*cells[i]);
    }
    const auto time = times_.place(joined);
    if (time) {
        row.time = time.value();
    } else {
        row.trouble = Trouble{"no time", time.error().detail};
    }
    return row.time.has_value();
}

bool RowDecoder::read_key(const Cells& cells, DecodedRow& row) {
    key_.clear();
    keys_.clear();
    for (std::size_t i = 0; i < options_.by.size(); ++i) {
        const auto& cell = cells[options_.times.size() + i];
        const auto text = base::trimmed(cell.value_or(""));
        if (text.empty()) {
            row.trouble = Trouble{
                "no identity", fmt::format("no identity: \"{}\" is empty", shown(options_.by[i]))};
            return false;
        }
        keys_.emplace_back(text);
        key_ += fmt::format("{} {}", text.size(), text);
    }
    return true;
}

void RowDecoder::add_cell(std::size_t column, std::string_view text, DecodedRow& row) {
    auto cell = read_cell(text, formats_[column]);
    if (cell.kind == Cell::Kind::missing) return;
    const auto quantity = quantity_of(column, row);
    if (!quantity) return;
    if (cell.kind == Cell::Kind::number) {
        row.values.push_back({.quantity = *quantity, .value = cell.number});
        return watch_days(*quantity, row);
    }
    row.bad_cells.push_back(
        {.quantity = *quantity,
         .trouble = {"no number",
                     fmt::format("{}: {}", shown(options_.columns[column].column), cell.why)}});
}

/// The series of a column in the current row; a new one when there is none yet.
std::optional<std::size_t> RowDecoder::quantity_of(std::size_t column, DecodedRow& row) {
    if (options_.by.empty()) return column;
    auto found = by_key_.find(key_);
    if (found == by_key_.end()) {
        found = by_key_.emplace(key_, options_.columns.size()).first;
    }
    auto& quantity = found->second[column];
    if (quantity) return quantity;
    if (quantities_.size() == kQuantitiesMax) {
        if (found->second == decltype(found->second)(options_.columns.size())) by_key_.erase(found);
        row.trouble = Trouble{"too many series",
                              fmt::format("\"by\" gives more than {} series", kQuantitiesMax)};
        row.values.clear();
        return std::nullopt;
    }
    quantity = quantities_.size();
    add_quantity(column);
    return quantity;
}

void RowDecoder::add_quantity(std::size_t column) {
    const auto& options = options_.columns[column];
    Quantity quantity{.name = options.quantity,
                      .kind = options.quantity,
                      .unit = options.unit,
                      .least = std::nullopt,
                      .most = std::nullopt,
                      .resolution = std::nullopt};
    if (!options_.by.empty()) quantity.name = split_name(keys_, options.quantity);
    quantities_.push_back(std::move(quantity));
    last_times_.emplace_back();
}

/// A column of days alone gives all readings of a day one time.
void RowDecoder::watch_days(std::size_t quantity, const DecodedRow& row) {
    auto& last = last_times_[quantity];
    if (!days_told_ && row.time && row.time == last && !options_.time_format.has_time_of_day()) {
        notes_.push_back(
            "rows of one day have one time: is the time of day in another column? Then name both: "
            "time_column = [\"Date\", \"Time\"]");
        days_told_ = true;
    }
    last = row.time;
}

std::vector<std::string> RowDecoder::take_notes() {
    auto notes = std::exchange(notes_, {});
    for (auto& note : times_.take_notes()) notes.push_back(std::move(note));
    return notes;
}

}  // namespace drivers::tables
