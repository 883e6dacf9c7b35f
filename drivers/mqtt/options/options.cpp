#include "drivers/mqtt/options/options.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "drivers/mqtt/options/usual_topics.hpp"

namespace drivers::mqtt {

namespace {

constexpr std::size_t kFiltersMax = 16;
constexpr std::size_t kByMax = 4;
constexpr std::int64_t kQuantitiesMost = 512;

Format read_format(base::Settings& settings) {
    const std::vector<std::string> words{"zigbee2mqtt", "tasmota", "esphome",
                                         "homie",       "plain",   "json"};
    if (!settings.has("format")) {
        settings.refuse({}, fmt::format("format is missing; one of: {}", fmt::join(words, ", ")));
    }
    // Without a valid format the other keys are judged by the one that requires least.
    const auto word = settings.choice("format", words.front(), words);
    const auto place = std::find(words.begin(), words.end(), word) - words.begin();
    return static_cast<Format>(place);
}

/// The valid filters; what is wrong with the others is left in the settings.
std::vector<TopicFilter> read_filters(base::Settings& settings, const std::string& key,
                                      const std::vector<std::string>& texts) {
    std::vector<TopicFilter> filters;
    for (const auto& text : texts) {
        auto filter = TopicFilter::parse(text);
        if (filter) {
            filters.push_back(std::move(filter).value());
        } else {
            settings.refuse(key, key + ": " + filter.error().detail);
        }
    }
    if (filters.size() > kFiltersMax) {
        settings.refuse(key, fmt::format("{}: at most {}", key, kFiltersMax));
        filters.erase(filters.begin() + kFiltersMax, filters.end());
    }
    return filters;
}

void refuse_overlaps(base::Settings& settings, const std::vector<TopicFilter>& filters) {
    for (auto a = filters.begin(); a != filters.end(); ++a) {
        for (auto b = a + 1; b != filters.end(); ++b) {
            if (!a->overlaps(*b)) continue;
            settings.refuse("topics",
                            fmt::format("topics: \"{}\" and \"{}\" overlap: a message that matches "
                                        "both would arrive, and count, twice",
                                        a->text(), b->text()));
        }
    }
}

void read_values(base::Settings& settings, Options& options) {
    const auto texts = settings.texts("topics", usual_topics(options.format));
    if (texts.empty()) {
        settings.refuse(settings.has("topics") ? "topics" : "",
                        "topics: name at least one, as in topics = [\"garden/+/temperature\"]");
    }
    for (auto& filter : read_filters(settings, "topics", texts)) {
        const auto wrong = wrong_with(options.format, filter);
        if (wrong.empty()) {
            options.values.push_back(std::move(filter));
        } else {
            settings.refuse("topics", fmt::format("topics: \"{}\": {}", filter.text(), wrong));
        }
    }
    refuse_overlaps(settings, options.values);
}

/// Adds the filters that are not there yet.
void add_filters(const std::vector<std::string>& texts, std::vector<TopicFilter>& filters) {
    for (const auto& text : texts) {
        auto filter = TopicFilter::parse(text);
        const auto same = [&](const TopicFilter& other) { return other.text() == text; };
        if (!filter || std::any_of(filters.begin(), filters.end(), same)) continue;
        filters.push_back(std::move(filter).value());
    }
}

void read_availability(base::Settings& settings, Options& options) {
    options.payload_available = settings.optional_text("payload_available");
    options.payload_not_available = settings.optional_text("payload_not_available");
    if (settings.has("availability")) {
        options.availability =
            read_filters(settings, "availability", settings.texts("availability"));
        return;
    }
    settings.texts("availability");  // So that the key counts as known.
    for (const auto& values : options.values) {
        add_filters(usual_availability(options.format, values), options.availability);
    }
}

void read_plain_quantity(base::Settings& settings, Options& options) {
    if (options.format == Format::plain) {
        if (auto key = read_plain_key(settings)) options.keys.push_back(std::move(*key));
        return;
    }
    if (!settings.has("quantity")) return;
    settings.text("quantity", "");
    settings.refuse("quantity",
                    "quantity is for format = \"plain\"; use [sensor.quantities] instead");
}

void read_quantities(base::Settings& settings, Options& options) {
    auto table = settings.table("quantities");
    for (auto& key : read_mapped_keys(table, options.format == Format::json)) {
        options.keys.push_back(std::move(key));
    }
    if (options.format == Format::plain && !table.keys().empty()) {
        settings.refuse("quantities",
                        "[sensor.quantities] is not for format = \"plain\": write quantity = "
                        "\"temperature:Cel\"");
    }
    if (options.format == Format::json && table.keys().empty()) {
        settings.refuse({},
                        "quantities: name at least one, as in [sensor.quantities] "
                        "\"/temperature\" = \"temperature:Cel\"");
    }
    if (table.keys().size() > kMappedKeysMax) {
        settings.refuse("quantities", fmt::format("quantities: at most {}", kMappedKeysMax));
    }
}

void read_source_time(base::Settings& settings, Options& options) {
    const auto place = settings.optional_text("time_pointer");
    auto format = tables::TimeFormat::parse(settings.text("time_format", "rfc3339"));
    if (!format) settings.refuse("time_format", "time_format: " + format.error().detail);
    if (!place) {
        if (settings.has("time_format")) {
            settings.refuse("time_format", "time_format is the format of a time_pointer");
        }
        return;
    }
    if (options.format != Format::zigbee2mqtt && options.format != Format::json) {
        settings.refuse("time_pointer",
                        "time_pointer: messages of this format have no time that can be trusted");
        return;
    }
    auto pointer = tables::JsonPointer::parse(*place);
    if (!pointer) return settings.refuse("time_pointer", pointer.error().detail);
    if (!format) return;
    options.source_time =
        SourceTime{.pointer = std::move(pointer).value(), .format = std::move(format).value()};
}

bool has_documents(Format format) {
    return format == Format::zigbee2mqtt || format == Format::tasmota || format == Format::json;
}

void read_by(base::Settings& settings, Options& options) {
    const auto members = settings.texts("by");
    if (!members.empty() && !has_documents(options.format)) {
        return settings.refuse("by", "by: payloads of this format have no members");
    }
    if (members.size() > kByMax)
        return settings.refuse("by", fmt::format("by: at most {}", kByMax));
    for (const auto& member : members) {
        IdentityMember identity{.member = member, .pointer = {}};
        if (member.starts_with('/')) {
            auto pointer = tables::JsonPointer::parse(member);
            if (!pointer) return settings.refuse("by", "by: " + pointer.error().detail);
            identity.pointer = std::move(pointer).value();
        }
        options.by.push_back(std::move(identity));
    }
}

}  // namespace

const MappedKey* Options::find_key(std::string_view key) const {
    const auto found = std::find_if(keys.begin(), keys.end(),
                                    [&](const MappedKey& mapped) { return mapped.key == key; });
    return found == keys.end() ? nullptr : &*found;
}

bool Options::ignores(std::string_view key) const {
    return std::find(ignored_keys.begin(), ignored_keys.end(), key) != ignored_keys.end();
}

bool Options::parts_by(std::string_view member, std::string_view pointer) const {
    return std::any_of(by.begin(), by.end(), [&](const IdentityMember& identity) {
        return identity.member == (identity.pointer ? pointer : member);
    });
}

Options read_options(base::Settings& settings) {
    Options options;
    options.format = read_format(settings);
    read_values(settings, options);
    if (options.format == Format::homie) {
        for (const auto& values : options.values) {
            add_filters(homie_attributes(values), options.attributes);
        }
    }
    read_availability(settings, options);
    read_plain_quantity(settings, options);
    read_quantities(settings, options);
    options.ignored_keys = settings.texts("ignore");
    read_source_time(settings, options);
    read_by(settings, options);
    options.accepts_retained = settings.choice("retained", "ignore", {"ignore", "take"}) == "take";
    options.decimal_comma = settings.choice("decimal", ".", {".", ","}) == ",";
    options.quantities_max = static_cast<std::size_t>(settings.integer(
        "quantities_max", static_cast<std::int64_t>(options.quantities_max), 1, kQuantitiesMost));
    return options;
}

std::vector<TopicFilter> subscriptions_of(const Options& options) {
    std::vector<TopicFilter> wanted;
    for (const auto* filters : {&options.attributes, &options.availability, &options.values}) {
        wanted.insert(wanted.end(), filters->begin(), filters->end());
    }
    std::vector<TopicFilter> result;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        bool covered = false;
        for (std::size_t j = 0; j < wanted.size(); ++j) {
            const bool same = wanted[i].text() == wanted[j].text();
            covered |= same ? j < i : wanted[j].covers(wanted[i]);
        }
        if (!covered) result.push_back(wanted[i]);
    }
    return result;
}

}  // namespace drivers::mqtt
