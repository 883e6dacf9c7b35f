#include "drivers/mqtt/listener.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "base/log.hpp"
#include "drivers/core/names.hpp"
#include "drivers/mqtt/formats/payload.hpp"
#include "wire/identity.hpp"

namespace drivers::mqtt {

namespace {

constexpr std::size_t kDevicesMax = 512;
constexpr std::size_t kTopicsMax = 1024;

/// A failed reading of no series: it is counted, and in no window.
constexpr auto kNoQuantity = std::numeric_limits<std::size_t>::max();

const TopicFilter* match(const std::vector<TopicFilter>& filters,
                         const std::vector<std::string>& topic) {
    const auto found = std::find_if(filters.begin(), filters.end(), [&](const TopicFilter& filter) {
        return filter.matches(topic);
    });
    return found == filters.end() ? nullptr : &*found;
}

std::vector<std::string> members_of(const std::vector<IdentityMember>& by) {
    std::vector<std::string> members;
    for (const auto& identity : by) members.push_back(identity.member);
    return members;
}

}  // namespace

Listener::Listener(const Options& options, std::string_view names)
    : options_(options),
      decoder_(make_decoder(options)),
      catalogue_(options.quantities_max, KeptNames{names}),
      remarks_(members_of(options.by)) {}

void Listener::accept(const IncomingMessage& message, Pending& pending) {
    const auto trouble = dispatch(message, pending);
    if (!trouble) return;
    pending.add(Failure{
        .reason = trouble->reason, .taken = message.taken, .readings = 0, .cause = trouble->cause});
}

std::optional<Trouble> Listener::dispatch(const IncomingMessage& message, Pending& pending) {
    const auto topic = topic_levels(message.topic);
    if (match(options_.attributes, topic) != nullptr) {
        auto wrong = decoder_->learn(topic, message.payload);
        if (!wrong) return std::nullopt;
        return Trouble{.reason = std::move(*wrong), .cause = "attribute"};
    }
    if (match(options_.availability, topic) != nullptr) {
        return observe_availability(topic, message.payload);
    }
    const auto* filter = match(options_.values, topic);
    if (filter == nullptr) {
        return Trouble{.reason = "not asked for: " + shown(message.topic),
                       .cause = "not asked for"};
    }
    if (is_old(message)) return std::nullopt;
    accept({.filter = *filter, .topic = topic, .payload = message.payload}, message, pending);
    return std::nullopt;
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
std::optional<Trouble> Listener::observe_availability(const Levels& topic,
                                                      std::string_view payload) {
    const auto name = join_levels(topic);
    const auto device = shown(join_levels({topic.begin(), topic.end() - 1}));
    if (payload.empty()) {
        availability_.erase(name);  // The broker forgot it: it is unknown.
        return std::nullopt;
    }
    const auto state = read_availability(
        payload, {.there = options_.payload_available, .gone = options_.payload_not_available});
    if (!state) {
        return Trouble{
            .reason = fmt::format("availability not understood: {} {}; say in payload_available "
                                  "or payload_not_available what it means",
                                  device, shown(payload)),
            .cause = "availability not understood"};
    }
    const auto known = availability_.find(name);
    if (known == availability_.end() && availability_.size() >= kDevicesMax) {
        return Trouble{.reason = fmt::format("more than {} devices: {}", kDevicesMax, device),
                       .cause = "too many devices"};
    }
    const auto before = known == availability_.end() ? std::nullopt : std::optional{known->second};
    availability_[name] = *state;
    if (before == *state) return std::nullopt;
    if (!state->is_there) {
        return Trouble{.reason = fmt::format("{}: {}", state->said, device), .cause = state->said};
    }
    if (before) base::log_info("mqtt device is back", {{"device", device}});
    return std::nullopt;
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

void Listener::accept(const Letter& letter, const IncomingMessage& message, Pending& pending) {
    const auto decoded = decoder_->decode(letter);
    const Measurement measurement{.taken = message.taken, .source_time = decoded.source_time};
    for (const auto& sighting : decoded.values) accept(sighting, letter, measurement, pending);
    // Of several devices behind one topic nobody knows whose reading it was.
    const auto cost =
        options_.by.empty() ? catalogue_.of_topic(message.topic) : std::vector{kNoQuantity};
    for (const auto& trouble : decoded.troubles) {
        pending.add(Failure{.reason = trouble.reason,
                            .taken = message.taken,
                            .source_time = decoded.source_time,
                            .quantities = cost,
                            .readings = cost.empty() ? 0U : 1U,
                            .cause = trouble.cause});
    }
    remarks_.accept(message.topic, decoded);
    if (const auto mixed = remarks_.take_trouble(message.taken)) {
        pending.add(Failure{.reason = *mixed,
                            .taken = message.taken,
                            .readings = 0,
                            .cause = "several devices in one series"});
    }
}

void Listener::accept(const Sighting& sighting, const Letter& letter, Measurement measurement,
                      Pending& pending) {
    const auto fail = [&](const std::string& reason, const std::string& cause) {
        const auto cost = catalogue_.of_place(sighting);
        pending.add(Failure{.reason = reason,
                            .taken = measurement.taken,
                            .source_time = measurement.source_time,
                            .quantities = cost,
                            .readings = cost.empty() ? 0U : 1U,
                            .cause = cause});
    };
    const auto place = catalogue_.place_of(sighting, join_levels(letter.topic));
    if (sighting.trouble) return fail(sighting.trouble->reason, sighting.trouble->cause);
    if (!place) return fail(place.error().detail, "no series for it");
    measurement.quantity = place.value().index;
    measurement.value = place.value().scale.apply(sighting.value);
    if (is_news(measurement)) pending.add(measurement);
}

}  // namespace drivers::mqtt
