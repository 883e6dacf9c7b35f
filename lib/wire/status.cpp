#include "wire/status.hpp"

#include <algorithm>
#include <array>

#include "base/json.hpp"
#include "base/text.hpp"
#include "wire/limits.hpp"

namespace wire {

namespace {

constexpr std::size_t kFaultsMax = 8;

std::optional<NodeState> parse_state(std::string_view text) {
    for (const auto state : {NodeState::init, NodeState::ready, NodeState::sleeping,
                             NodeState::disconnected, NodeState::lost}) {
        if (to_text(state) == text) return state;
    }
    return std::nullopt;
}

std::uint64_t count_of(const base::Json& json, std::string_view name) {
    const auto* found = json.find(name);
    return found != nullptr && found->is_count() ? found->count() : 0;
}

std::optional<std::uint64_t> optional_count_of(const base::Json& json, std::string_view name) {
    if (json.find(name) == nullptr) return std::nullopt;
    return count_of(json, name);
}

std::string text_of(const base::Json& json, std::string_view name) {
    const auto* found = json.find(name);
    return std::string{found != nullptr ? base::shortened(found->string, kTextBytesMax) : ""};
}

std::vector<std::string> texts_of(const base::Json& json, std::string_view name) {
    std::vector<std::string> texts;
    const auto* found = json.find(name);
    if (found == nullptr) return texts;
    for (const auto& text : found->array) {
        if (texts.size() == kFaultsMax) break;
        texts.emplace_back(base::shortened(text.string, kTextBytesMax));
    }
    return texts;
}

void add_texts(base::JsonWriter& json, std::string_view name,
               const std::vector<std::string>& texts) {
    json.key(name).begin_array();
    for (const auto& text : texts) json.value(text);
    json.end_array();
}

void add_disk(base::JsonWriter& json, const NodeStatus& status) {
    if (!status.disk_written) return;
    json.key("disk").begin_object().member("written", *status.disk_written);
    if (status.disk_bytes_a_day) json.member("bytes_a_day", *status.disk_bytes_a_day);
    if (status.disk_days_left) json.member("days_left", *status.disk_days_left);
    json.end_object();
}

void add_counters(base::JsonWriter& json,
                  const std::vector<std::pair<std::string, std::uint64_t>>& counters) {
    if (counters.empty()) return;
    json.key("counters").begin_object();
    const auto count = std::min(counters.size(), kStatusCountersMax);
    for (std::size_t i = 0; i < count; ++i) json.member(counters[i].first, counters[i].second);
    json.end_object();
}

std::vector<std::pair<std::string, std::uint64_t>> counters_of(const base::Json& json) {
    std::vector<std::pair<std::string, std::uint64_t>> counters;
    for (const auto& [name, value] : json.object) {
        if (counters.size() == kStatusCountersMax) break;
        if (!value.is_count()) continue;
        counters.emplace_back(base::shortened(name, kTextBytesMax), value.count());
    }
    return counters;
}

}  // namespace

std::string_view to_text(NodeState state) {
    switch (state) {
        case NodeState::init:
            return "init";
        case NodeState::ready:
            return "ready";
        case NodeState::sleeping:
            return "sleeping";
        case NodeState::disconnected:
            return "disconnected";
        case NodeState::lost:
            return "lost";
    }
    return "";
}

std::string encode_status(const NodeStatus& status) {
    base::JsonWriter json;
    json.begin_object().member("state", to_text(status.state)).member("version", status.version);
    json.member("uptime_ms", status.uptime.count());
    json.key("outbox").begin_object();
    json.member("records", status.outbox_records).member("bytes", status.outbox_bytes);
    json.member("head", status.head).member("durable", status.durable);
    json.member("applied", status.applied).end_object();
    add_disk(json, status);
    json.member("clock", to_text(status.clock));
    add_texts(json, "faults", status.faults);
    if (!status.alarms.empty()) add_texts(json, "alarms", status.alarms);
    add_counters(json, status.counters);
    json.member("now", base::to_milliseconds(status.now)).end_object();
    return json.take();
}

std::string encode_will() {
    base::JsonWriter json;
    json.begin_object().member("state", to_text(NodeState::lost)).end_object();
    return json.take();
}

base::Result<NodeStatus> decode_status(std::string_view payload) {
    const auto parsed = base::parse_json(payload);
    if (!parsed) return parsed.error();
    const auto& json = parsed.value();
    const auto state = parse_state(text_of(json, "state"));
    if (!state) return base::Error{base::Fault::malformed, "state is not one of the five words"};
    NodeStatus status;
    status.state = *state;
    status.version = text_of(json, "version");
    status.uptime = base::Duration{count_of(json, "uptime_ms")};
    if (const auto* outbox = json.find("outbox"); outbox != nullptr) {
        status.outbox_records = count_of(*outbox, "records");
        status.outbox_bytes = count_of(*outbox, "bytes");
        status.head = count_of(*outbox, "head");
        status.durable = count_of(*outbox, "durable");
        status.applied = count_of(*outbox, "applied");
    }
    const auto* disk = json.find("disk");
    if (disk != nullptr && disk->find("written") != nullptr) {
        status.disk_written = count_of(*disk, "written");
        status.disk_bytes_a_day = optional_count_of(*disk, "bytes_a_day");
        status.disk_days_left = optional_count_of(*disk, "days_left");
    }
    status.clock = parse_clock_state(text_of(json, "clock")).value_or(ClockState::synced);
    status.faults = texts_of(json, "faults");
    status.alarms = texts_of(json, "alarms");
    if (const auto* counters = json.find("counters"); counters != nullptr) {
        status.counters = counters_of(*counters);
    }
    status.now = base::from_milliseconds(static_cast<std::int64_t>(count_of(json, "now")));
    return status;
}

std::string encode_state(const std::vector<LatestReading>& readings) {
    base::JsonWriter json;
    json.begin_object();
    for (const auto& reading : readings) {
        json.key(reading.series).begin_object().member("value", reading.value);
        json.member("unit", reading.unit);
        if (!reading.boot.empty()) json.member("boot", reading.boot);
        json.member(reading.boot.empty() ? "t" : "bt", base::to_milliseconds(reading.at));
        json.end_object();
    }
    json.end_object();
    return json.take();
}

}  // namespace wire
