#include "drivers/tables/rows/header.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "drivers/core/names.hpp"
#include "drivers/tables/csv.hpp"
#include "drivers/tables/encoding.hpp"

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

/// The next row of data; empty when there is none yet.
Fields first_row_after(const TableOptions& options, Rows rows) {
    Fields fields;
    while (rows.next()) {
        if (is_comment(options, rows.text())) continue;
        if (!rows.split(fields)) fields.clear();
        return fields;
    }
    return {};
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
        const auto first_row = first_row_after(options, rows);
        auto columns = find_columns(options, header.names, first_row);
        // Some write a comment sign before the header.
        const bool is_remark = is_comment(options, rows.text()) &&
                               !is_header(options, header.names) &&
                               fields.size() != first_row.size();
        if (columns && !header.names.empty() && !is_remark) {
            header.text = rows.text();
            header.begin = rows.begin();
            header.end = rows.end();
            header.lines = rows.lines();
            header.is_settled = !first_row.empty();
            header.columns = std::move(columns).value();
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
    const Fields widest(kFieldsMax);
    auto columns = find_columns(options, {}, widest);
    if (!columns) return columns.error();
    header.columns = std::move(columns).value();
    return header;
}

Header later_header(const TableOptions& options, std::string_view row) {
    Header header;
    Fields fields;
    if (split_row(row, options.separator, fields)) header.names = header_names(options, fields);
    header.text = row;
    header.is_settled = true;
    header.columns = columns_of_later_header(options, header.names);
    return header;
}

}  // namespace drivers::tables
