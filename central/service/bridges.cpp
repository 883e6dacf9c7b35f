#include "central/service/bridges.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"

namespace central {

namespace {

std::string text_of(const base::Json& json, std::string_view name) {
    const auto* found = json.find(name);
    return found != nullptr ? found->string : std::string{};
}

base::Error trouble(std::string detail) {
    return {base::Fault::transient, std::move(detail)};
}

}  // namespace

bool Bridges::accept(const broker::Message& message, base::Instant now) {
    const auto id = options_.topics.parse_program_status("bridge", message.topic);
    if (!id) return false;
    const auto json = base::parse_json(message.payload);
    if (!json) {
        bridges_.erase(*id);  // An empty message: an operator removed it from the broker.
        return true;
    }
    if (!bridges_.contains(*id) && bridges_.size() >= options_.bridges_max) return true;
    bridges_[*id] = {.state = text_of(json.value(), "state"),
                     .redis = text_of(json.value(), "redis"),
                     .heard = now};
    return true;
}

bool Bridges::is_silent(const Bridge& bridge, base::Instant now) const {
    const auto since = waiting_since_ ? std::max(bridge.heard, *waiting_since_) : bridge.heard;
    return now - since > options_.silence_max;
}

base::Status Bridges::status(base::Instant now) const {
    std::size_t working = 0;
    for (const auto& [id, bridge] : bridges_) {
        if (bridge.state != "ready") continue;
        if (is_silent(bridge, now)) {
            return trouble(
                fmt::format("bridge {} is silent: it is frozen, or cut off from the broker", id));
        }
        if (bridge.redis != "ready") {
            return trouble(
                fmt::format("bridge {} does not store everything: {}", id, bridge.redis));
        }
        ++working;
    }
    if (working > 0) return base::Done{};
    // Those that run are heard within a second.
    if (waiting_since_ && now - *waiting_since_ <= options_.silence_max) return base::Done{};
    for (const auto& [id, bridge] : bridges_) {
        if (bridge.state != "lost") continue;
        return trouble(fmt::format("bridge {} is gone, and no other runs", id));
    }
    return trouble("no bridge runs; start leat-bridge");
}

}  // namespace central
