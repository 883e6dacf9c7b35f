#include <chrono>
#include <cstring>
#include <limits>

#include "base/ensure.hpp"
#include "base/json.hpp"
#include "base/settings.hpp"
#include "broker/explain.hpp"
#include "fuzz/targets.hpp"

namespace fuzz {

namespace {

using base::Json;

void write(base::JsonWriter& writer, const Json& json) {
    switch (json.kind) {
        case Json::Kind::null:
            writer.null();
            return;
        case Json::Kind::boolean:
            writer.value(json.boolean);
            return;
        case Json::Kind::number:
            writer.value(json.number);
            return;
        case Json::Kind::string:
            writer.value(json.string);
            return;
        case Json::Kind::numbers:
            writer.begin_array();
            for (const double number : json.numbers) writer.value(number);
            writer.end_array();
            return;
        case Json::Kind::array:
            writer.begin_array();
            for (const auto& item : json.array) write(writer, item);
            writer.end_array();
            return;
        case Json::Kind::object:
            writer.begin_object();
            for (const auto& [key, value] : json.object) write(writer.key(key), value);
            writer.end_object();
            return;
    }
}

std::string text_of(const Json& json) {
    base::JsonWriter writer;
    write(writer, json);
    return writer.take();
}

std::size_t depth_of(const Json& json) {
    std::size_t deepest = 0;
    for (const auto& item : json.array) deepest = std::max(deepest, depth_of(item));
    for (const auto& [key, value] : json.object) deepest = std::max(deepest, depth_of(value));
    const bool nests = json.is_object() || json.is_numbers() || json.kind == Json::Kind::array;
    return deepest + (nests ? 1 : 0);
}

/// Asks for every kind of value, as the programs do.
void ask(base::Settings& settings, int levels) {
    using std::chrono::hours;
    using std::chrono::milliseconds;
    settings.required_text("name");
    settings.text("text", "");
    settings.boolean("on", false);
    const auto count = settings.integer("count", 1, 0, 9);
    ENSURE(count >= 0 && count <= 9);
    const auto factor = settings.number("factor", 1, 0, 9);
    ENSURE(factor >= 0 && factor <= 9);
    const auto flush = settings.duration("flush", milliseconds{2}, milliseconds{1}, hours{1});
    ENSURE(flush >= milliseconds{1} && flush <= hours{1});
    ENSURE(settings.bytes("quota", 64, 1, 1024) <= 1024);
    const auto mode = settings.choice("mode", "applied", {"applied", "durable"});
    ENSURE(mode == "applied" || mode == "durable");
    settings.texts("words");
    static_cast<void>(settings.place("name"));
    settings.table("columns").pairs();
    if (levels == 0) return;
    auto inner = settings.table("broker");
    ask(inner, levels - 1);
    for (auto& sensor : settings.tables("sensor")) ask(sensor, levels - 1);
}

}  // namespace

void broker_address(std::string_view input) {
    const auto first = broker::parse_address(std::string{input});
    if (!first) {
        ENSURE(!first.error().detail.empty());
        return;
    }
    const auto& address = first.value();
    ENSURE(!address.host.empty() && address.port >= 1 && address.port <= 65535);
    const auto again = broker::parse_address(address.uri());
    ENSURE(again);
    ENSURE(again.value().tls == address.tls && again.value().host == address.host);
    ENSURE(again.value().port == address.port);
    for (const char c : address.uri()) ENSURE(c > ' ' && c <= '~');
}

void json(std::string_view input) {
    const base::JsonLimits limits{};
    const auto first = base::parse_json(input, limits);
    if (!first) {
        ENSURE(!first.error().detail.empty());
        return;
    }
    ENSURE(depth_of(first.value()) <= limits.depth_max);
    const auto written = text_of(first.value());
    const auto again = base::parse_json(written, {.bytes_max = 16 * limits.bytes_max,
                                                  .depth_max = limits.depth_max,
                                                  .values_max = limits.values_max});
    ENSURE(again);
    ENSURE(text_of(again.value()) == written);
}

void settings(std::string_view input) {
    auto parsed = base::Settings::parse(input, "fuzz.toml");
    if (!parsed) return;
    auto root = std::move(parsed).value();
    ask(root, 2);
    const auto status = root.check();
    // There is always the name that is missing, or whatever was wrong with it.
    if (!root.has("name")) ENSURE(!status);
    static_cast<void>(base::parse_duration(input));
    static_cast<void>(base::parse_bytes(input));
}

}  // namespace fuzz
