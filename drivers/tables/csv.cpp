#include "drivers/tables/csv.hpp"

#include <algorithm>

namespace drivers::tables {

namespace {

enum class Within { field_begin, plain, quotes, closed };

Within after(Within within, char c, char separator) {
    if (within == Within::quotes) return c == '"' ? Within::closed : Within::quotes;
    if (c == separator) return Within::field_begin;
    // A quote opens at the beginning of a field; after a closing one it is the second of a pair.
    if (c == '"' && within != Within::plain) return Within::quotes;
    return Within::plain;
}

/// Cuts a quoted field off the front of `rest`. What follows, a separator or nothing, stays there.
bool cut_quoted(std::string_view& rest, std::string& field) {
    rest.remove_prefix(1);
    for (;;) {
        const auto quote = rest.find('"');
        if (quote == std::string_view::npos) return false;
        field.append(rest.substr(0, quote));
        rest.remove_prefix(quote + 1);
        if (!rest.starts_with('"')) return true;
        field += '"';
        rest.remove_prefix(1);
    }
}

}  // namespace

std::optional<std::size_t> row_length(std::string_view bytes, char separator) {
    const auto newline = bytes.find('\n');
    const bool may_be_quoted = bytes.substr(0, newline).find('"') != std::string_view::npos;
    if (!may_be_quoted) {
        if (newline == std::string_view::npos) return std::nullopt;
        return newline + 1;
    }
    auto within = Within::field_begin;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (bytes[i] == '\n' && within != Within::quotes) return i + 1;
        within = after(within, bytes[i], separator);
    }
    return std::nullopt;
}

bool split_row(std::string_view row, char separator, std::vector<std::string>& fields) {
    std::size_t count = 0;
    const auto next_field = [&]() -> std::string& {
        if (count == fields.size()) fields.emplace_back();
        auto& field = fields[count++];
        field.clear();
        return field;
    };
    for (;;) {
        if (count == kFieldsMax) return false;
        auto& field = next_field();
        if (row.starts_with('"')) {
            if (!cut_quoted(row, field)) return false;
        } else {
            const auto end = std::min(row.find(separator), row.size());
            field.append(row.substr(0, end));
            row.remove_prefix(end);
        }
        if (row.empty()) break;
        if (row.front() != separator) return false;
        row.remove_prefix(1);
    }
    fields.resize(count);
    return true;
}

std::string_view without_newline(std::string_view row) {
    if (row.ends_with('\n')) row.remove_suffix(1);
    if (row.ends_with('\r')) row.remove_suffix(1);
    return row;
}

}  // namespace drivers::tables
