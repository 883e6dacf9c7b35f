#include <array>
#include <cmath>
#include <set>

#include "base/ensure.hpp"
#include "base/utf8.hpp"
#include "drivers/core/names.hpp"
#include "drivers/mqtt/listener.hpp"
#include "drivers/mqtt/options/topic_filter.hpp"
#include "fuzz/targets.hpp"

namespace fuzz {

namespace {

constexpr std::size_t kQuantitiesMax = 16;
constexpr std::size_t kPendingMax = 64;

constexpr std::array<const char*, 6> kFormats{
    "format = \"zigbee2mqtt\"\ntopics = [\"z/#\"]\ntime_pointer = \"/last_seen\"\n",
    "format = \"tasmota\"\nby = [\"Id\"]\n",
    "format = \"esphome\"\n",
    "format = \"homie\"\nretained = \"take\"\n",
    "format = \"plain\"\ntopics = [\"p/#\"]\nquantity = \"t:Cel\"\n",
    "format = \"json\"\ntopics = [\"j/+\"]\nretained = \"take\"\nby = [\"id\", \"/d/id\"]\n"
    "[sensor.quantities]\n\"/a/0\" = \"a:V\"\n\"/b~1\" = \"b:/\"\n\"\" = \"c:/\"\n"};

drivers::mqtt::Options options_of(const char* keys) {
    auto settings =
        base::Settings::parse(std::string{"[[sensor]]\nquantities_max = 16\n"} + keys, "fuzz.toml");
    ENSURE(settings);
    auto root = std::move(settings).value();
    auto sensor = root.tables("sensor").at(0);
    auto options = drivers::mqtt::read_options(sensor);
    ENSURE(root.check());
    return options;
}

/// Read once: the fuzzer's time is for messages.
const drivers::mqtt::Options& options_by(char choice) {
    static const auto kOptions = [] {
        std::vector<drivers::mqtt::Options> options;
        for (const auto* keys : kFormats) options.push_back(options_of(keys));
        return options;
    }();
    return kOptions[static_cast<unsigned char>(choice) % kOptions.size()];
}

void check(const drivers::mqtt::Listener& listener, const drivers::Harvest& harvest) {
    ENSURE(listener.quantities().size() <= kQuantitiesMax);
    std::set<std::string> names;
    for (const auto& quantity : listener.quantities()) {
        ENSURE(drivers::is_name(quantity.name));
        ENSURE(names.insert(quantity.name).second);
        ENSURE(!quantity.unit.empty());
    }
    for (const auto& measurement : harvest.measurements) {
        ENSURE(measurement.quantity < listener.quantities().size());
        ENSURE(std::isfinite(measurement.value));
    }
    for (const auto& failure : harvest.failures) {
        ENSURE(!failure.reason.empty());
        ENSURE(failure.reason.size() < 800);
        ENSURE(base::printable(failure.reason) == failure.reason);
    }
}

void try_filters(std::string_view text) {
    const auto half = text.size() / 2;
    const auto a = drivers::mqtt::TopicFilter::parse(std::string{text.substr(0, half)});
    const auto b = drivers::mqtt::TopicFilter::parse(std::string{text.substr(half)});
    if (!a || !b) return;
    ENSURE(a.value().overlaps(b.value()) == b.value().overlaps(a.value()));
    if (a.value().covers(b.value())) ENSURE(a.value().overlaps(b.value()));
    ENSURE(a.value().covers(a.value()));
}

}  // namespace

/// The first byte chooses the format; each line after it is a message: `!` in front says that it
/// is retained, and a tab parts topic and payload.
void mqtt(std::string_view input) {
    if (input.empty()) return;
    try_filters(input.substr(0, 256));
    drivers::mqtt::Listener listener{options_by(input[0])};
    drivers::Pending pending{kPendingMax};
    for (auto rest = input.substr(1); !rest.empty();) {
        const auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        const bool retained = line.starts_with('!');
        const auto message = line.substr(retained ? 1 : 0);
        const auto tab = std::min(message.find('\t'), message.size());
        listener.accept({.topic = message.substr(0, tab),
                         .payload = message.substr(std::min(tab + 1, message.size())),
                         .retained = retained,
                         .taken = {}},
                        pending);
        check(listener, pending.take({}, kPendingMax));
    }
}

}  // namespace fuzz
