#include "drivers/tables/rows/header.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "drivers/core/names.hpp"
#include "drivers/tables/cell.hpp"
#include "drivers/tables/csv.hpp"
#include "drivers/tables/encoding.hpp"
#include "drivers/tables/rows/row_names.hpp"

namespace drivers::tables {

namespace {

using Fields = std::vector<std::string>;

/// Cuts one row after another off the front of the bytes.
class Rows {
  public:
    Rows(const TableOptions& options, std::string_view bytes) : options_(options), bytes_(bytes) {
        at_ = byte_order_mark(bytes);
    }

    /// The next row that is not blank; false when there is none that is whole.
    bool next() {
        while (at_ < bytes_.size()) {
            begin_ = at_;
            const auto length = length_at(begin_);
            if (length == 0) return false;
            at_ += length;
            const auto raw = bytes_.substr(begin_, length);
            lines_ += static_cast<std::size_t>(std::count(raw.begin(), raw.end(), '\n'));
            text_ = without_newline(raw);
            if (!text_.empty()) return true;
        }
        return false;
    }

    bool split(Fields& fields) const { return split_row(text_, options_.separator, fields); }

    std::string_view text() const { return text_; }
    std::size_t begin() const { return begin_; }
    std::size_t end() const { return at_; }
    std::size_t lines() const { return lines_; }

  private:
    /// A row ends with its line, unless a quote is open there.
    std::size_t length_at(std::size_t begin) const {
        const auto rest = bytes_.substr(begin);
        const auto newline = rest.find('\n');
        if (newline == std::string_view::npos) return rest.size() < kRowBytesMax ? rest.size() : 0;
        Fields fields;
        const auto line = without_newline(rest.substr(0, newline + 1));
        if (split_row(line, options_.separator, fields)) return newline + 1;
        return row_length(rest, options_.separator).value_or(newline + 1);
    }

    const TableOptions& options_;
    std::string_view bytes_;
    std::size_t at_ = 0;
    std::size_t begin_ = 0;
    std::size_t lines_ = 0;
    std::string_view text_;
};

bool is_comment(const TableOptions& options, std::string_view text) {
    return !options.comment.empty() && text.starts_with(options.comment);
}

/// The next rows, without comments; none when there is none yet.
std::vector<FirstRow> first_rows_after(const TableOptions& options, Rows rows) {
    std::vector<FirstRow> first;
    while (first.size() < kFirstRowsMax && rows.next()) {
        if (is_comment(options, rows.text())) continue;
        auto& row = first.emplace_back();
        row.is_quoted = rows.text().starts_with('"');
        if (!rows.split(row.fields)) row.fields.assign(1, {});
    }
    return first;
}

/// The names of the wanted columns, as they stand in the file.
Fields names_of_wanted(const TableOptions& options, const Header& header) {
    auto names = wanted_names(options);
    const auto shift = header.columns.fields - std::min(header.columns.fields, header.names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto& field = header.columns.wanted[i];
        if (field && *field >= shift && *field - shift < header.names.size()) {
            names[i] = header.names[*field - shift];
        }
    }
    return names;
}

/// The cells of the values; empty when the row does not have them all.
std::vector<std::string_view> value_cells(const TableOptions& options, const Columns& columns,
                                          const Fields& fields) {
    std::vector<std::string_view> cells;
    const auto first = columns.wanted.size() - options.columns.size();
    for (auto i = first; i < columns.wanted.size(); ++i) {
        const auto field = columns.wanted[i];
        cells.push_back(field && *field < fields.size() ? std::string_view{fields[*field]}
                                                        : std::string_view{});
    }
    return cells;
}

bool has_number(const std::vector<std::string_view>& cells) {
    return std::any_of(cells.begin(), cells.end(), [](std::string_view cell) {
        return base::trimmed(cell).find_first_of("0123456789") <= 1;
    });
}

/// What the names say, and the lines of units under them.
void read_writing(const TableOptions& options, const std::vector<FirstRow>& rows, Header& header) {
    header.writing = writing_of(options, names_of_wanted(options, header));
    header.has_looked_below = !rows.empty();
    for (const auto& row : rows) {
        const auto cells = value_cells(options, header.columns, row.fields);
        if (has_number(cells) || add_units(options, cells, header.writing)) return;
    }
}

std::size_t count_found(const TableOptions& options, const Fields& names) {
    const auto columns = columns_of_later_header(options, names);
    return static_cast<std::size_t>(
        std::count_if(columns.wanted.begin(), columns.wanted.end(),
                      [](const auto& field) { return field.has_value(); }));
}

/// The error of the row that is most like the header.
struct Likeliest {
    base::Error error;
    std::size_t found = 0;
    std::size_t fields = 0;
    bool is_unreadable = false;  // The first row is: it may be the header.

    void consider(base::Error other, std::size_t other_found, std::size_t other_fields) {
        if (is_unreadable && other_found == 0) return;
        if (fields > 0 && std::pair{found, fields} >= std::pair{other_found, other_fields}) return;
        *this = {std::move(other), other_found, other_fields, is_unreadable};
    }
};

base::Error misconfigured(const TableOptions& options, const std::string& why) {
    return {base::Fault::misconfigured, fmt::format("{}: {}", options.file, why)};
}

}  // namespace

base::Result<Header> find_header(const TableOptions& options, std::string_view bytes) {
    if (const auto trouble = encoding_trouble(bytes); !trouble.empty()) {
        return base::Error{base::Fault::misconfigured, options.file + " " + trouble};
    }
    Rows rows(options, bytes);
    Likeliest likeliest{
        misconfigured(options, "its first line is no header; is it header = false?")};
    Header header;
    Fields fields;
    while (rows.end() < kHeaderBytesMax && rows.next()) {
        if (!rows.split(fields)) {
            likeliest.is_unreadable |= header.lines_before == 0;
            ++header.lines_before;
            continue;
        }
        header.names = header_names(options, fields);
        const auto first_rows = first_rows_after(options, rows);
        const auto width = first_rows.empty() ? 0 : first_rows.front().fields.size();
        auto columns =
            find_columns(options, header.names, have_row_names(options, header.names, first_rows));
        // Some write a comment sign before the header.
        const bool is_remark = is_comment(options, rows.text()) &&
                               !is_header(options, header.names) && fields.size() != width;
        if (columns && !header.names.empty() && !is_remark) {
            header.text = rows.text();
            header.begin = rows.begin();
            header.end = rows.end();
            header.lines = rows.lines();
            // One longer row alone may be broken.
            header.is_settled = first_rows.size() > (width > header.names.size() ? 1 : 0);
            header.columns = std::move(columns).value();
            read_writing(options, first_rows, header);
            if (auto agrees = header.writing.check(options); !agrees) return agrees.error();
            return header;
        }
        ++header.lines_before;
        if (columns || is_remark) continue;
        likeliest.consider(columns.error(), count_found(options, header.names),
                           header.names.size());
    }
    return likeliest.error;
}

base::Result<Header> no_header(const TableOptions& options, std::string_view bytes) {
    if (const auto trouble = encoding_trouble(bytes); !trouble.empty()) {
        return base::Error{base::Fault::misconfigured, options.file + " " + trouble};
    }
    Header header;
    header.end = byte_order_mark(bytes);
    header.is_settled = true;
    auto columns = find_columns(options, {}, false);
    if (!columns) return columns.error();
    header.columns = std::move(columns).value();
    read_writing(options, {}, header);
    header.has_looked_below = true;
    return header;
}

Header later_header(const TableOptions& options, std::string_view bytes) {
    Header header;
    Fields fields;
    Rows rows(options, bytes);
    rows.next();
    if (rows.split(fields)) header.names = header_names(options, fields);
    header.text = rows.text();
    header.is_settled = true;
    header.columns = columns_of_later_header(options, header.names);
    read_writing(options, first_rows_after(options, rows), header);
    return header;
}

}  // namespace drivers::tables
