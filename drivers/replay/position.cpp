#include "drivers/replay/position.hpp"

#include "base/json.hpp"
#include "drivers/tables/position_members.hpp"

namespace drivers::replay {

namespace {

void write_imports(const std::vector<Import>& imports, base::JsonWriter& json) {
    if (imports.empty()) return;
    json.key("imports").begin_array();
    for (const auto& import : imports) {
        json.begin_object()
            .member("bytes", import.bytes)
            .member("hash", tables::bits_text(import.hash));
        if (import.header_at) json.member("header_at", *import.header_at);
        json.end_object();
    }
    json.end_array();
}

bool read_imports(const base::Json& json, std::vector<Import>& imports) {
    const auto* const found = json.find("imports");
    if (found == nullptr) return true;
    if (found->array.size() > kImportsMax) return false;
    for (const auto& one : found->array) {
        tables::PositionMembers members(one);
        auto& import = imports.emplace_back();
        members.read("bytes", import.bytes);
        members.read_bits("hash", import.hash);
        members.read("header_at", import.header_at);
        if (!members.is_complete()) return false;
    }
    return true;
}

}  // namespace

std::string to_text(const Position& position) {
    base::JsonWriter json;
    json.begin_object()
        .member("edition", position.edition)
        .member("offset", position.offset)
        .member("line", position.line)
        .member("row", position.row)
        .member("pass", position.pass)
        .member("shift", position.shift_ms);
    if (position.latest_ms) json.member("latest", *position.latest_ms);
    if (position.time_ms) json.member("time", *position.time_ms);
    if (position.step_ms) json.member("step", *position.step_ms);
    if (position.header_at) json.member("header_at", *position.header_at);
    json.member("first_line", tables::bits_text(position.first_line_hash))
        .member("tail", tables::bits_text(position.tail_hash))
        .member("tail_bytes", position.tail_bytes);
    if (position.read_hash) json.member("read", tables::bits_text(*position.read_hash));
    write_imports(position.imports, json);
    json.end_object();
    return json.take();
}

base::Result<Position> parse_position(std::string_view text) {
    const auto json = base::parse_json(text);
    if (!json) return json.error();
    Position position;
    tables::PositionMembers members(json.value());
    members.read("edition", position.edition);
    members.read("offset", position.offset);
    members.read("line", position.line);
    members.read("row", position.row);
    members.read("pass", position.pass);
    members.read("shift", position.shift_ms);
    members.read("latest", position.latest_ms);
    members.read("time", position.time_ms);
    members.read("step", position.step_ms);
    members.read("header_at", position.header_at);
    members.read_bits("first_line", position.first_line_hash);
    members.read_bits("tail", position.tail_hash);
    members.read("tail_bytes", position.tail_bytes);
    if (json.value().find("read") != nullptr) {
        members.read_bits("read", position.read_hash.emplace());
    }
    const bool imports_read = read_imports(json.value(), position.imports);
    const bool header_fits =
        !position.header_at || (*position.header_at >= 0 &&
                                static_cast<std::uint64_t>(*position.header_at) < position.offset);
    if (!members.is_complete() || !imports_read || !header_fits ||
        position.tail_bytes > position.offset || position.tail_bytes > kTailBytesMax) {
        return base::Error{base::Fault::malformed, "no position of a replay"};
    }
    return position;
}

}  // namespace drivers::replay
