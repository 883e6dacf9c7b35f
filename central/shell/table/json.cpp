#include "base/json.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string_view>
#include <type_traits>

#include "base/utf8.hpp"
#include "central/shell/table/render.hpp"

namespace shell {

namespace {

std::string escape_of(char32_t character) {
    if (character < 0x10000) {
        return fmt::format("\\u{:04x}", static_cast<std::uint32_t>(character));
    }
    const auto rest = static_cast<std::uint32_t>(character) - 0x10000;
    return fmt::format("\\u{:04x}\\u{:04x}", 0xd800 + (rest >> 10U), 0xdc00 + (rest & 0x3ffU));
}

/// The same document, without characters that steer a terminal: all of them are within texts, where
/// they can be escaped.
std::string harmless(std::string_view json) {
    std::string text;
    while (!json.empty()) {
        if (json.front() >= ' ' && json.front() <= '~') {
            text += json.front();
            json.remove_prefix(1);
            continue;
        }
        const auto before = json;
        const auto character = base::take_character(json);
        const auto bytes = before.substr(0, before.size() - json.size());
        const bool is_shown = character && base::printable(bytes) == bytes;
        text += is_shown ? std::string{bytes} : escape_of(character.value_or(U'\ufffd'));
    }
    return text;
}

void write(base::JsonWriter& json, const Cell& cell) {
    if (cell.json) return cell.json(json);
    std::visit(
        [&](const auto& value) {
            using T = std::decay_t<decltype(value)>;
            if constexpr (std::is_same_v<T, std::monostate>) {
                json.null();
            } else if constexpr (std::is_same_v<T, std::string>) {
                json.value(std::string_view{value});
            } else if constexpr (std::is_same_v<T, base::EventTime>) {
                json.value(base::to_milliseconds(value));
            } else if constexpr (std::is_same_v<T, base::Duration>) {
                json.value(std::int64_t{value.count()});
            } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
                json.begin_array();
                for (const auto& text : value) json.value(std::string_view{text});
                json.end_array();
            } else {
                json.value(value);
            }
        },
        cell.value);
}

/// "last_stored.at" is the member "at" of the object "last_stored".
void write_row(base::JsonWriter& json, const std::vector<Column>& columns, const Row& row) {
    std::string_view open;
    json.begin_object();
    for (std::size_t place = 0; place < columns.size(); ++place) {
        const std::string_view name = columns[place].name;
        if (name.empty()) continue;
        const auto dot = name.find('.');
        const auto object =
            dot == std::string_view::npos ? std::string_view{} : name.substr(0, dot);
        if (object != open) {
            if (!open.empty()) json.end_object();
            if (!object.empty()) json.key(object).begin_object();
            open = object;
        }
        json.key(object.empty() ? name : name.substr(dot + 1));
        write(json, row[place]);
    }
    if (!open.empty()) json.end_object();
    json.end_object();
}

}  // namespace

std::string to_json(const Table& table) {
    base::JsonWriter json;
    json.begin_object();
    for (const auto& [name, cell] : table.facts) {
        json.key(name);
        write(json, cell);
    }
    json.key("items").begin_array();
    for (const auto& row : table.rows) write_row(json, table.columns, row);
    json.end_array().end_object();
    return harmless(json.take()) + "\n";
}

std::string json_row(const std::vector<Column>& columns, const Row& row) {
    base::JsonWriter json;
    write_row(json, columns, row);
    return harmless(json.take()) + "\n";
}

}  // namespace shell
