#include "drivers/serial/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "drivers/core/names.hpp"

namespace drivers::serial {

namespace {

constexpr std::size_t kIgnoredMax = 64;
constexpr std::size_t kColumnsMax = 64;
constexpr std::size_t kByMax = 4;
constexpr std::int64_t kBaudMost = 4'000'000;

void read_port(base::Settings& settings, PortOptions& port) {
    port.path = settings.required_text("port");
    if (!port.path.empty() && !port.path.starts_with('/')) {
        settings.refuse("port", fmt::format("port = \"{}\" is not a full path; write \"/dev/{}\"",
                                            port.path, port.path));
    }
    for (const char* key : {"baudrate", "baud_rate", "speed"}) {
        settings.advise(key, "write baud = 9600");
    }
    const auto known = bauds();
    port.baud = settings.integer("baud", port.baud, 0, kBaudMost);
    if (std::find(known.begin(), known.end(), port.baud) == known.end()) {
        settings.refuse("baud", fmt::format("baud = {} is not one of: {}", port.baud,
                                            fmt::join(known.begin(), known.end(), ", ")));
    }
    port.devices = settings.text("devices", port.devices);
}

/// "quantity" or "quantity:unit".
std::optional<Meaning> read_meaning(base::Settings& keys, const std::string& key,
                                    const std::string& mapping) {
    const auto colon = mapping.find(':');
    const auto quantity = mapping.substr(0, colon);
    if (!is_name(quantity)) {
        keys.refuse(key, fmt::format("{}: \"{}\" is no quantity name; \"{}\" would be one", key,
                                     quantity, safe_name(quantity)));
        return std::nullopt;
    }
    if (colon == std::string::npos) {
        if (const auto question = unit_question(quantity); !question.empty()) {
            keys.refuse(key, fmt::format("{}: {}", key, question));
            return std::nullopt;
        }
        return meaning_of_mapping(quantity, std::nullopt);
    }
    const auto unit = mapping.substr(colon + 1);
    auto meaning = meaning_of_mapping(quantity, unit);
    const bool converts = meaning.quantity.unit != unit;
    if (const auto trouble = unit_trouble(quantity, unit); !converts && !trouble.empty()) {
        keys.refuse(key, fmt::format("{}: {}", key, trouble));
        return std::nullopt;
    }
    return meaning;
}

void read_keys(base::Settings& settings, FieldOptions& fields) {
    auto keys = settings.table("keys");
    std::set<std::string> quantities;
    for (const auto& [key, mapping] : keys.pairs()) {
        auto meaning = read_meaning(keys, key, mapping);
        if (!meaning) continue;
        if (!quantities.insert(meaning->quantity.name).second) {
            keys.refuse(key,
                        fmt::format("{}: another key is {} already", key, meaning->quantity.name));
            continue;
        }
        fields.mappings.push_back({.key = key, .meaning = std::move(*meaning)});
    }
    if (fields.mappings.size() > Fields::kSeriesMax) {
        settings.refuse("keys", fmt::format("keys: at most {}", Fields::kSeriesMax));
        fields.mappings.resize(Fields::kSeriesMax);
    }
}

void read_fields(base::Settings& settings, FieldOptions& fields) {
    fields.accept_any = settings.choice("accept", "known", {"known", "any"}) == "any";
    fields.ignored = settings.texts("ignore");
    if (fields.ignored.size() > kIgnoredMax) {
        settings.refuse("ignore", fmt::format("ignore: at most {} keys", kIgnoredMax));
    }
    read_keys(settings, fields);
}

void read_lines(base::Settings& settings, LineOptions& lines) {
    lines.decimal_mark = settings.choice("decimal", ".", {".", ","}).front();
    lines.columns = settings.texts("columns");
    if (lines.columns.size() > kColumnsMax) {
        settings.refuse("columns", fmt::format("columns: at most {}", kColumnsMax));
    }
    std::set<std::string> names;
    for (const auto& name : lines.columns) {
        if (!name.empty() && !names.insert(name).second) {
            settings.refuse("columns", fmt::format("columns: \"{}\" stands twice", name));
        }
    }
    const bool any_named = !names.empty() || lines.columns.empty();
    if (!any_named) settings.refuse("columns", "columns: none has a name");
}

void read_by(base::Settings& settings, Options& options) {
    if (!settings.has("by")) return;
    options.by = settings.texts("by");
    options.fields.is_split = !options.by->empty();
    if (options.by->size() > kByMax) {
        settings.refuse("by", fmt::format("by: at most {} keys", kByMax));
    }
}

/// What the settings call by its name is what they say.
void name_keys(Options& options) {
    auto& lines = options.lines;
    lines.ignored = options.fields.ignored;
    lines.named = lines.ignored;
    for (const auto& mapping : options.fields.mappings) lines.named.push_back(mapping.key);
    const auto by = options.by.value_or(std::vector<std::string>{});
    lines.named.insert(lines.named.end(), by.begin(), by.end());
}

}  // namespace

Options read_options(base::Settings& settings) {
    Options options;
    read_port(settings, options.port);
    read_lines(settings, options.lines);
    read_fields(settings, options.fields);
    read_by(settings, options);
    name_keys(options);
    options.silence = settings.duration("silence", options.silence, std::chrono::seconds{0},
                                        std::chrono::hours{168});
    return options;
}

}  // namespace drivers::serial
