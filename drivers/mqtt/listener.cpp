#include "drivers/mqtt/listener.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "drivers/core/names.hpp"
#include "drivers/mqtt/formats/payload.hpp"
#include "wire/identity.hpp"

namespace drivers::mqtt {

namespace {

constexpr std::size_t kDevicesMax = 512;
constexpr std::size_t kTopicsMax = 1024;

const TopicFilter* match(const std::vector<TopicFilter>& filters,
                         const std::vector<std::string>& topic) {
    const auto found = std::find_if(filters.begin(), filters.end(), [&](const TopicFilter& filter) {
        return filter.matches(topic);
    });
    return found == filters.end() ? nullptr : &*found;
}

}  // namespace

Listener::Listener(const Options& options)
    : options_(options), decoder_(make_decoder(options)), catalogue_(options.quantities_max) {}

void Listener::accept(const IncomingMessage& message, Pending& pending) {
    auto reason = dispatch(message, pending);
    if (reason.empty()) return;
    pending.add(Failure{.reason = std::move(reason), .taken = message.taken, .edges_us = {}});
}

std::string Listener::dispatch(const IncomingMessage& message, Pending& pending) {
    const auto topic = topic_levels(message.topic);
    if (match(options_.attributes, topic) != nullptr) {
        return decoder_->learn(topic, message.payload).value_or("");
    }
    if (match(options_.availability, topic) != nullptr) {
        return observe_availability(topic, message.payload);
    }
    const auto* filter = match(options_.values, topic);
    if (filter == nullptr) return "not asked for: " + shown(message.topic);
    if (is_old(message)) return {};
    accept({.filter = *filter, .topic = topic, .payload = message.payload}, message.taken, pending);
    return {};
}

/// Whether a message is only a retained value that does not count: none does, or none that was
/// heard before.
bool Listener::is_old(const IncomingMessage& message) {
    if (!options_.accepts_retained) return message.retained;
    const auto hash = wire::fnv1a64(message.payload);
    const auto found = last_heard_.find(message.topic);
    if (found == last_heard_.end()) {
        // Too many topics to remember: a repeated value would be worse than none.
        if (last_heard_.size() >= kTopicsMax) return message.retained;
        last_heard_.emplace(message.topic, hash);
        return false;
    }
    const bool same = found->second == hash;
    found->second = hash;
    return message.retained && same;
}

/// Reported when it changes, not at every reconnect.
std::string Listener::observe_availability(const Levels& topic, std::string_view payload) {
    const auto name = join_levels(topic);
    const auto device = shown(join_levels({topic.begin(), topic.end() - 1}));
    if (payload.empty()) {
        availability_.erase(name);  // The broker forgot it: it is unknown.
        return {};
    }
    const auto word = read_availability(payload);
    if (!word) return fmt::format("availability not understood: {} {}", device, shown(payload));
    const auto known = availability_.find(name);
    if (known == availability_.end() && availability_.size() >= kDevicesMax) {
        return fmt::format("more than {} devices: {}", kDevicesMax, device);
    }
    const auto before = known == availability_.end() ? std::string{} : known->second;
    availability_[name] = *word;
    if (*word == before) return {};
    if (!is_available(*word)) return fmt::format("{}: {}", *word, device);
    if (!before.empty() && !is_available(before)) {
        base::log_info("mqtt device is back", {{"device", device}, {"state", *word}});
    }
    return {};
}

/// The same value at the same time of the source is the same reading: zigbee2mqtt repeats a
/// device's whole state when one member of it changes.
bool Listener::is_news(const Measurement& measurement) {
    if (!measurement.source_time) return true;
    last_accepted_.resize(quantities().size());
    auto& last = last_accepted_[measurement.quantity];
    const std::pair now{*measurement.source_time, measurement.value};
    return std::exchange(last, now) != now;
}

void Listener::accept(const Letter& letter, base::Instant taken, Pending& pending) {
    auto decoded = decoder_->decode(letter);
    const auto fail = [&](std::string reason) {
        pending.add(Failure{.reason = std::move(reason),
                            .taken = taken,
                            .edges_us = {},
                            .source_time = decoded.source_time});
    };
    for (const auto& sighting : decoded.values) {
        const auto index = catalogue_.index_of(sighting);
        if (!index) {
            fail(index.error().detail);
            continue;
        }
        const Measurement measurement{.quantity = index.value(),
                                      .value = sighting.value,
                                      .taken = taken,
                                      .source_time = decoded.source_time};
        if (is_news(measurement)) pending.add(measurement);
    }
    for (auto& reason : decoded.troubles) fail(std::move(reason));
}

}  // namespace drivers::mqtt
