#include "drivers/replay/position.hpp"

#include <array>
#include <cmath>

#include "base/hex.hpp"
#include "base/json.hpp"

namespace drivers {

namespace {

using Bytes = std::array<std::uint8_t, 8>;

/// 64 bits do not fit a JSON number.
std::string hash_text(std::uint64_t hash) {
    Bytes bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes.at(i) = static_cast<std::uint8_t>(hash >> (56 - 8 * i));
    }
    return base::to_hex(bytes);
}

/// Reads members until one is missing or wrong.
class Members {
  public:
    explicit Members(const base::Json& json) : json_(json) {}

    void read(std::string_view name, std::uint64_t& count) {
        const auto* member = json_.find(name);
        if (member != nullptr && member->is_count()) {
            count = member->count();
        } else {
            complete_ = false;
        }
    }

    void read(std::string_view name, std::int64_t& whole) {
        const auto* member = json_.find(name);
        if (member != nullptr && member->is_number() && std::abs(member->number) < 0x1p53 &&
            std::trunc(member->number) == member->number) {
            whole = static_cast<std::int64_t>(member->number);
        } else {
            complete_ = false;
        }
    }

    void read(std::string_view name, std::optional<std::int64_t>& whole) {
        if (json_.find(name) != nullptr) read(name, whole.emplace());
    }

    void read_hash(std::string_view name, std::uint64_t& hash) {
        const auto* member = json_.find(name);
        Bytes bytes{};
        if (member == nullptr || !member->is_string() || !base::from_hex(member->string, bytes)) {
            complete_ = false;
        }
        hash = 0;
        for (const auto byte : bytes) hash = hash << 8U | byte;
    }

    bool complete() const { return complete_; }

  private:
    const base::Json& json_;
    bool complete_ = true;
};

}  // namespace

std::string to_text(const ReplayPosition& position) {
    base::JsonWriter json;
    json.begin_object()
        .member("edition", position.edition)
        .member("offset", position.offset)
        .member("line", position.line)
        .member("row", position.row)
        .member("pass", position.pass)
        .member("shift", position.shift_ms);
    if (position.latest_ms) json.member("latest", *position.latest_ms);
    json.member("first_line", hash_text(position.first_line_hash))
        .member("tail", hash_text(position.tail_hash))
        .member("tail_bytes", position.tail_bytes)
        .end_object();
    return json.take();
}

base::Result<ReplayPosition> parse_replay_position(std::string_view text) {
    const auto json = base::parse_json(text);
    if (!json) return json.error();
    ReplayPosition position;
    Members members(json.value());
    members.read("edition", position.edition);
    members.read("offset", position.offset);
    members.read("line", position.line);
    members.read("row", position.row);
    members.read("pass", position.pass);
    members.read("shift", position.shift_ms);
    members.read("latest", position.latest_ms);
    members.read_hash("first_line", position.first_line_hash);
    members.read_hash("tail", position.tail_hash);
    members.read("tail_bytes", position.tail_bytes);
    if (!members.complete() || position.tail_bytes > position.offset ||
        position.tail_bytes > kTailBytesMax) {
        return base::Error{base::Fault::malformed, "no position of a replay"};
    }
    return position;
}

}  // namespace drivers
