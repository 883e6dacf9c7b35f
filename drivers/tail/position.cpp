#include "drivers/tail/position.hpp"

#include "base/json.hpp"
#include "drivers/tables/position_members.hpp"

namespace drivers::tail {

namespace {

bool is_possible(const Position& position) {
    return position.head_bytes <= kMarkBytesMax && position.tail_bytes <= kMarkBytesMax &&
           position.head_bytes <= position.offset && position.tail_bytes <= position.offset &&
           (position.inode != 0 || position.offset == 0) &&
           (!position.header_at ||
            (*position.header_at >= 0 &&
             static_cast<std::uint64_t>(*position.header_at) < position.offset));
}

}  // namespace

std::string to_text(const Position& position) {
    base::JsonWriter json;
    json.begin_object()
        .member("path", tables::bits_text(position.path))
        .member("inode", tables::bits_text(position.inode))
        .member("device", tables::bits_text(position.device))
        .member("offset", position.offset)
        .member("header_bytes", position.header_bytes)
        .member("head_bytes", position.head_bytes)
        .member("head", tables::bits_text(position.head))
        .member("tail_bytes", position.tail_bytes)
        .member("tail", tables::bits_text(position.tail))
        .member("size", position.size)
        .member("modified_us", position.modified_us);
    if (position.header_at) json.member("header_at", *position.header_at);
    if (position.time_ms) json.member("time", *position.time_ms);
    if (position.step_ms) json.member("step", *position.step_ms);
    json.end_object();
    return json.take();
}

base::Result<Position> parse_position(std::string_view text) {
    const auto json = base::parse_json(text);
    if (!json) return json.error();
    Position position;
    tables::PositionMembers members(json.value());
    members.read_bits("path", position.path);
    members.read_bits("inode", position.inode);
    members.read_bits("device", position.device);
    members.read("offset", position.offset);
    members.read("header_bytes", position.header_bytes);
    members.read("head_bytes", position.head_bytes);
    members.read_bits("head", position.head);
    members.read("tail_bytes", position.tail_bytes);
    members.read_bits("tail", position.tail);
    members.read("size", position.size);
    members.read("modified_us", position.modified_us);
    members.read("header_at", position.header_at);
    members.read("time", position.time_ms);
    members.read("step", position.step_ms);
    if (members.is_complete() && is_possible(position)) return position;
    return base::Error{base::Fault::malformed, "no position of a file that grows"};
}

}  // namespace drivers::tail
