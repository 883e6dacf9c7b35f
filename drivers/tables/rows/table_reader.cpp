#include "drivers/tables/rows/table_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/text.hpp"
#include "drivers/core/names.hpp"
#include "drivers/tables/csv.hpp"
#include "drivers/tables/rows/row_names.hpp"

namespace drivers::tables {

namespace {

constexpr std::size_t kLinesUnderHeaderMax = 3;

std::vector<std::string> numbers_to(std::size_t count) {
    std::vector<std::string> numbers;
    for (std::size_t i = 1; i <= count; ++i) numbers.push_back(std::to_string(i));
    return numbers;
}

}  // namespace

TableReader::TableReader(const TableOptions& options)
    : options_(options), unit_columns_(options), decoder_(options), unmentioned_(options) {
    if (!options.header) return;
    if (!options.times.empty()) signs_.push_back(options.times.front());
    signs_.push_back(options.columns.front().column);
    std::erase_if(signs_, [](const std::string& name) {
        return name.find_first_not_of("0123456789") == std::string::npos;
    });
}

void TableReader::begin(const Header& header, bool is_beginning) {
    columns_ = header.columns;
    header_ = header.text;
    is_under_header_ = is_beginning && options_.header;
    lines_under_header_ = 0;
    writing_ = header.writing;
    learns_units_ = !header.has_looked_below;
    decoder_.set_writing(writing_);
    // R leaves the name of the first column out.
    auto names = header.names;
    if (columns_.fields == names.size() + 1) names.insert(names.begin(), "");
    unit_fields_.clear();
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (is_unit_name(options_, names[i])) unit_fields_.emplace_back(i, names[i]);
    }
    unmentioned_.begin(options_.header ? names : numbers_to(columns_.fields_least()));
}

TableReader::Outcome TableReader::read(std::string_view line, DecodedRow& row) {
    row.clear();
    if (options_.header && line == header_) return Outcome::passed_over;
    if (is_comment(line)) {
        if (begin_if_header(line)) return Outcome::header;
        ++passed_over_;
        return Outcome::passed_over;
    }
    if (!split_row(line, options_.separator, fields_)) {
        row.trouble =
            Trouble{"quote not closed",
                    fmt::format("a quote is not closed as it should be: {}", shown(line))};
        return Outcome::row;
    }
    const bool is_empty = std::all_of(fields_.begin(), fields_.end(), [](const auto& field) {
        return base::trimmed(field).empty();
    });
    if (is_empty) return Outcome::passed_over;
    if (begin_if_header(line)) return Outcome::header;
    if (!fill_cells(line, row)) return Outcome::row;
    if (!unit_fields_.empty()) read_units();
    decoder_.decode(cells_, row);
    const bool is_bad = row.trouble || (row.values.empty() && !row.bad_cells.empty());
    // A row with a time is one of data, whatever its cells are.
    if (is_under_header_ && is_bad && !row.time && !has_numbers() &&
        lines_under_header_ < kLinesUnderHeaderMax) {
        ++lines_under_header_;
        row.clear();
        learn_units();
        return pass_over(line);
    }
    is_under_header_ = false;
    if (!row.trouble) unmentioned_.observe(fields_);
    return Outcome::row;
}

bool TableReader::is_comment(std::string_view line) const {
    return !options_.comment.empty() && line.starts_with(options_.comment);
}

/// Cheap, for it is asked of every row: whether a name stands in it.
bool TableReader::may_be_header(std::string_view line) const {
    return std::any_of(signs_.begin(), signs_.end(), [&](const std::string& name) {
        return line.find(name) != std::string_view::npos;
    });
}

/// Begins again when the line is another header than the one in force.
bool TableReader::begin_if_header(std::string_view line) {
    if (!may_be_header(line) || !split_row(line, options_.separator, fields_)) return false;
    if (!is_header(options_, header_names(options_, fields_))) return false;
    const auto header = later_header(options_, line);
    const auto wanted = wanted_names(options_);
    std::vector<std::string> gone;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (!header.columns.wanted[i]) gone.push_back("\"" + shown(wanted[i]) + "\"");
    }
    notes_.push_back(gone.empty()
                         ? fmt::format("the columns are other ones from here on: {}", shown(line))
                         : fmt::format("the columns are other ones from here on, without {}: {}",
                                       fmt::join(gone, ", "), shown(line)));
    begin(header, true);
    return true;
}

/// From the columns that say the units of the row.
void TableReader::read_units() {
    unit_columns_.clear();
    for (const auto& [field, name] : unit_fields_) {
        if (field < fields_.size()) unit_columns_.observe(name, fields_[field]);
    }
    decoder_.set_units(unit_columns_.units());
}

/// From the cells of a line under a header.
void TableReader::learn_units() {
    if (!learns_units_) return;
    std::vector<std::string_view> cells;
    for (auto i = cells_.size() - options_.columns.size(); i < cells_.size(); ++i) {
        cells.push_back(cells_[i].value_or(std::string_view{}));
    }
    learns_units_ = !add_units(options_, cells, writing_);
    decoder_.set_writing(writing_);
}

TableReader::Outcome TableReader::pass_over(std::string_view line) {
    ++passed_over_;
    notes_.push_back(fmt::format("a line under the header is passed over: {}", shown(line)));
    return Outcome::passed_over;
}

/// False, with the trouble, when the row has not the shape that it should have.
bool TableReader::fill_cells(std::string_view line, DecodedRow& row) {
    while (fields_.size() > columns_.fields && columns_.fields > 0 && fields_.back().empty()) {
        fields_.pop_back();
    }
    if (columns_.fields > 0 && fields_.size() != columns_.fields) {
        row.trouble =
            Trouble{"number of fields",
                    fmt::format("{} fields instead of {}: {}{}", fields_.size(), columns_.fields,
                                shown(line), decimal_hint(options_, columns_.fields, fields_))};
        return false;
    }
    if (const auto least = columns_.fields_least(); fields_.size() < least) {
        row.trouble =
            Trouble{"number of fields", fmt::format("{} fields, and column {} is wanted: {}",
                                                    fields_.size(), least, shown(line))};
        return false;
    }
    cells_.clear();
    for (const auto& field : columns_.wanted) {
        cells_.push_back(field ? std::optional<std::string_view>{fields_[*field]} : std::nullopt);
    }
    return true;
}

/// Whether a value cell of the current row begins with a number.
bool TableReader::has_numbers() const {
    const auto first = options_.times.size() + options_.by.size();
    return std::any_of(cells_.begin() + static_cast<std::ptrdiff_t>(first), cells_.end(),
                       [&](const auto& cell) {
                           const auto text = base::trimmed(cell.value_or(""));
                           return !text.empty() && text.find_first_of("0123456789") <= 1;
                       });
}

std::vector<std::string> TableReader::take_notes() {
    auto notes = std::exchange(notes_, {});
    for (auto& note : decoder_.take_notes()) notes.push_back(std::move(note));
    for (auto& note : unit_columns_.take_notes()) notes.push_back(std::move(note));
    for (auto& note : unmentioned_.take_notes()) notes.push_back(std::move(note));
    return notes;
}

}  // namespace drivers::tables
