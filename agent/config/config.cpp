#include "agent/config/config.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

#include "agent/config/situation_settings.hpp"
#include "agent/sampling/retried_driver.hpp"
#include "drivers/core/names.hpp"
#include "program/settings.hpp"
#include "wire/identity.hpp"

namespace agent {

namespace {

using namespace std::chrono_literals;

constexpr base::Duration kPeriodMin = 10ms;
constexpr base::Duration kPeriodMax = 24h;
constexpr base::Duration kFlushMin = 50ms;
constexpr base::Duration kFlushMax = 10min;
constexpr std::uint64_t kQuotaMin = std::uint64_t{1} << 20U;
constexpr std::uint64_t kQuotaMax = std::uint64_t{64} << 30U;
constexpr std::uint64_t kEnduranceMax = std::uint64_t{1} << 60U;

/// `: write name = "attic"`, if there is such a name.
std::string would_be(const char* key, const std::string& name) {
    return name.empty() ? name : fmt::format(": write {} = \"{}\"", key, name);
}

std::string read_node_name(base::Settings settings) {
    auto name = settings.required_text("name");
    if (!name.empty() && !wire::is_node_name(name)) {
        const auto safe = program::make_safe_id(name);
        settings.refuse("name",
                        fmt::format("node.name = \"{}\" may hold a-z, 0-9 and dashes only, no dash "
                                    "first, at most 63, and must not be bridge, central or alert{}",
                                    name, would_be("name", wire::is_node_name(safe) ? safe : "")));
    }
    return name;
}

void read_node(base::Settings settings, Config& config) {
    config.agent.node = config.outbox.node = read_node_name(settings);
    for (const char* key : {"area", "room", "place"}) {
        settings.advise(key, "write location = \"/house/attic\"");
    }
    config.location = read_location(settings, "");
    config.tags = read_tags(settings, {});
}

void read_outbox(base::Settings settings, Config& config) {
    auto& outbox = config.outbox;
    outbox.path = settings.text("path", outbox.path);
    if (outbox.path.empty()) settings.refuse("path", "outbox.path is empty: it names a file");
    outbox.quota = settings.bytes("quota", outbox.quota, kQuotaMin, kQuotaMax);
    outbox.thin = settings.boolean("thin", outbox.thin);
    config.agent.card_endurance = settings.bytes("card_endurance", 0, 0, kEnduranceMax);
    config.agent.flush_every =
        settings.duration("flush", config.agent.flush_every, kFlushMin, kFlushMax);
    config.agent.uplink.permission =
        settings.choice("mode", "applied", {"applied", "durable"}) == "applied"
            ? delivery::Permission::applied
            : delivery::Permission::durable;
}

BeforeSync read_before_sync(base::Settings settings) {
    const auto word = settings.choice("before_sync", "auto", {"auto", "boot", "wall"});
    if (word == "auto") return BeforeSync::automatic;
    return word == "boot" ? BeforeSync::boot : BeforeSync::wall;
}

CommandOptions read_commands(base::Settings settings) {
    CommandOptions options;
    for (const auto& word : settings.texts("allow")) {
        if (const auto verb = parse_verb(word)) {
            options.allow.push_back(*verb);
            continue;
        }
        const auto& known = verb_words();
        auto reason =
            fmt::format("commands.allow: \"{}\" is not one of: {}", word, fmt::join(known, ", "));
        if (const auto near = base::nearest_word(word, known)) {
            reason += fmt::format("; did you mean \"{}\"?", *near);
        }
        settings.refuse("allow", reason);
    }
    return options;
}

DiscoveryOptions read_home_assistant(base::Settings settings) {
    DiscoveryOptions options;
    options.discovery = settings.boolean("discovery", options.discovery);
    options.prefix = program::read_topic(settings, "prefix", options.prefix);
    return options;
}

const drivers::DriverKind* read_driver(base::Settings& settings) {
    const auto word = settings.required_text("driver");
    if (word.empty()) return nullptr;
    if (const auto* kind = drivers::find_driver_kind(word); kind != nullptr) return kind;
    std::vector<std::string> known;
    for (const auto& kind : drivers::driver_kinds()) known.emplace_back(kind.name);
    auto reason =
        fmt::format("sensor.driver = \"{}\" is not one of: {}", word, fmt::join(known, ", "));
    if (const auto* kind = drivers::find_kind_of_sensor(word); kind != nullptr) {
        reason += fmt::format("; did you mean \"{}\" ({})?", kind->name, kind->sentence);
    } else if (const auto near = base::nearest_word(word, known)) {
        reason += fmt::format("; did you mean \"{}\"?", *near);
    }
    settings.refuse("driver", reason);
    return nullptr;
}

/// What the sensors have taken so far, and whose it is.
struct Taken {
    std::set<std::string> names;
    std::map<std::string, std::string> things;
};

/// Two sensors on one line, or on one port, would each get half of what comes.
void take_claims(const drivers::DriverKind& kind, base::Settings& settings, const std::string& name,
                 Taken& taken) {
    if (kind.claims == nullptr) return;
    for (const auto& [key, thing] : kind.claims(settings)) {
        const auto owner = fmt::format("sensor \"{}\" ({})", name, settings.place(key));
        const auto [first, is_free] = taken.things.emplace(thing, owner);
        if (is_free) continue;
        settings.refuse(key, fmt::format("{}: {} belongs to {} already: each needs one of its own",
                                         settings.full_name(key), thing, first->second));
    }
}

/// What people know from other programs.
void advise_on_keys(base::Settings& settings) {
    for (const char* key : {"pin", "gpio", "gpio_pin", "data_pin", "dht_pin"}) {
        settings.advise(key, "write line = \"GPIO4\", or header_pin = 7");
    }
    for (const char* key : {"type", "kind", "platform", "sensor"}) {
        settings.advise(key, "write driver = \"…\"; `leat-agent sample-config` shows them all");
    }
    for (const char* key : {"interval", "rate", "every", "update_interval", "scan_interval"}) {
        settings.advise(key, "write period = \"10s\"");
    }
    settings.advise("topic", "write topics = [\"…\"]");
    settings.advise("id", "write name = \"…\"");
}

/// Nothing if the table is useless; the settings then know why.
std::optional<SensorConfig> read_sensor(base::Settings& settings, const Config& config,
                                        Taken& taken) {
    advise_on_keys(settings);
    const auto name = settings.required_text("name");
    if (!name.empty() && !wire::is_series_name(name + ".x")) {
        const auto safe = drivers::safe_name(name);
        settings.refuse(
            "name",
            fmt::format("sensor.name = \"{}\" may hold a-z, 0-9, _ and - only, "
                        "a letter or digit first, at most 63{}",
                        name, would_be("name", wire::is_series_name(safe + ".x") ? safe : "")));
    }
    if (!name.empty() && !taken.names.insert(name).second) {
        settings.refuse("name", fmt::format("sensor.name = \"{}\" is used twice", name));
    }
    const auto* kind = read_driver(settings);
    const auto fallback = kind == nullptr ? base::Duration::zero() : kind->default_period;
    const auto period = settings.duration("period", fallback, kPeriodMin, kPeriodMax);
    auto location = read_location(settings, config.location);
    auto tags = read_tags(settings, config.tags);
    if (kind == nullptr) {
        settings.pairs();  // Without a driver no key is known, and one error is enough.
        return std::nullopt;
    }
    kind->read_settings(settings);
    take_claims(*kind, settings, name, taken);
    return SensorConfig{.name = name,
                        .kind = kind,
                        .period = period,
                        .filters = read_filters(settings),
                        .location = std::move(location),
                        .tags = std::move(tags),
                        .settings = settings};
}

/// What the connection needs besides its settings: who we are, the will, the subscriptions.
void complete(Config& config) {
    const auto& agent = config.agent;
    config.broker.client_id = "leat-" + agent.node;
    config.broker.will = will_of(agent);
    config.broker.subscriptions = {{.filter = agent.topics.ack(agent.node), .qos = 1}};
    const auto subscribe = [&config](std::string filter) {
        config.broker.subscriptions.push_back({.filter = std::move(filter), .qos = 1});
    };
    if (!config.commands.allow.empty()) subscribe(agent.topics.request(agent.node, "+"));
    if (config.home_assistant.discovery) subscribe(Discovery::status_topic(config.home_assistant));
}

}  // namespace

base::Result<Config> read_config(base::Settings settings, const std::string& version) {
    Config config;
    config.agent.version = version;
    read_node(settings.table("node"), config);
    auto broker = settings.table("broker");
    config.broker = broker::read_broker_settings(broker);
    read_outbox(settings.table("outbox"), config);
    config.agent.topics = wire::Topics{program::read_topic_root(settings.table("topics"))};
    config.before_sync = read_before_sync(settings.table("clock"));
    config.commands = read_commands(settings.table("commands"));
    config.home_assistant = read_home_assistant(settings.table("homeassistant"));
    config.log_level = program::read_log_level(settings.table("log"));
    settings.advise("mqtt", "write [broker]");
    settings.advise("sensors", "write [[sensor]], once for each");
    Taken taken;
    for (auto& table : settings.tables("sensor")) {
        if (auto sensor = read_sensor(table, config, taken)) {
            config.sensors.push_back(std::move(*sensor));
        }
    }
    if (!settings.has("sensor")) {
        settings.refuse("", "there is no [[sensor]]; `leat-agent sample-config` shows some");
    }
    if (const auto checked = settings.check(); !checked) return checked.error();
    complete(config);
    return config;
}

base::Result<Config> load_config(const std::string& file, const std::string& version) {
    return program::load_config(file, [&version](base::Settings settings) {
        return read_config(std::move(settings), version);
    });
}

base::Result<Sensor> make_sensor(const Config& config, const SensorConfig& sensor,
                                 const base::Clock& clock, const Positions& positions,
                                 const Latest& latest) {
    auto settings = sensor.settings;
    const drivers::Surroundings surroundings{
        .clock = clock,
        .seed = wire::fnv1a64(config.agent.node + "/" + sensor.name),
        .position = positions(sensor.name),
        .latest = latest};
    auto driver = sensor.kind->make(settings, surroundings);
    if (!driver) {
        return base::Error{driver.error().fault,
                           fmt::format("{}: sensor \"{}\": {}", settings.place(), sensor.name,
                                       driver.error().detail)};
    }
    if (const auto checked = settings.check(); !checked) return checked.error();
    return Sensor{.name = sensor.name,
                  .kind = std::string{sensor.kind->name},
                  .period = sensor.period,
                  .driver = std::move(driver).value(),
                  .filters = sensor.filters,
                  .location = sensor.location,
                  .tags = sensor.tags};
}

base::Result<std::vector<Sensor>> make_sensors(const Config& config, const base::Clock& clock,
                                               const Positions& positions, const Latest& latest) {
    std::vector<Sensor> sensors;
    for (const auto& sensor : config.sensors) {
        const auto make = [&config, &sensor, &clock, positions, latest] {
            return make_sensor(config, sensor, clock, positions, latest);
        };
        auto made = make();
        if (made) {
            sensors.push_back(std::move(made).value());
            continue;
        }
        if (made.error().fault != base::Fault::transient) return made.error();
        base::log_error("a sensor cannot be opened; it is tried again every 30 s",
                        {{"sensor", sensor.name}, {"reason", made.error().detail}});
        const auto again = [make]() -> base::Result<std::unique_ptr<drivers::Driver>> {
            auto later = make();
            if (!later) return later.error();
            return std::move(later).value().driver;
        };
        sensors.push_back(
            {.name = sensor.name,
             .kind = std::string{sensor.kind->name},
             .period = sensor.period,
             .driver = std::make_unique<RetriedDriver>(again, made.error().detail, clock.instant()),
             .filters = sensor.filters,
             .location = sensor.location,
             .tags = sensor.tags});
    }
    return sensors;
}

}  // namespace agent
