#include "drivers/replay/position.hpp"

#include "base/json.hpp"
#include "drivers/tables/position_members.hpp"

namespace drivers::replay {

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
    json.member("first_line", tables::bits_text(position.first_line_hash))
        .member("tail", tables::bits_text(position.tail_hash))
        .member("tail_bytes", position.tail_bytes)
        .end_object();
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
    members.read_bits("first_line", position.first_line_hash);
    members.read_bits("tail", position.tail_hash);
    members.read("tail_bytes", position.tail_bytes);
    if (!members.is_complete() || position.tail_bytes > position.offset ||
        position.tail_bytes > kTailBytesMax) {
        return base::Error{base::Fault::malformed, "no position of a replay"};
    }
    return position;
}

}  // namespace drivers::replay
