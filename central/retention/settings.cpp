#include "central/retention/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>

namespace retention {

namespace {

using namespace std::chrono_literals;

/// Below an hour nothing would be left to look at: blocks go by whole hours.
constexpr base::Duration kLeast = 1h;
constexpr base::Duration kMost = 36'500 * 24h;

/// What is written. A number without a unit is refused, with what to write.
std::optional<std::string> read_text(base::Settings& settings, const std::string& key) {
    if (!settings.is_whole(key)) return settings.optional_text(key);
    const auto number = settings.words(key).front();
    settings.refuse(key, fmt::format("{} needs a unit, in quotes: write {} = \"{}d\"",
                                     settings.full_name(key), key, number));
    return std::nullopt;
}

/// `before` says how long what is already there stays when nothing more is kept.
Keep read_keep(base::Settings& settings, const std::string& key, const Keep& before) {
    const auto written = read_text(settings, key);
    if (!written) return before;
    const auto& text = *written;
    if (text == "forever") return {.is_kept = true, .age = std::nullopt};
    if (text == "off") return {.is_kept = false, .age = before.age};
    const auto age = base::parse_duration(text);
    if (age && age.value() >= kLeast && age.value() <= kMost) return {.age = age.value()};
    settings.refuse(key, fmt::format("{}: \"{}\" is no time to keep readings; write some like "
                                     "\"30d\", from 1h on, or \"forever\", or \"off\"",
                                     settings.full_name(key), text));
    return before;
}

/// Windows of days and months are merged from hours and days; the page shows a day in minutes.
base::Duration least_keep(base::Duration span) {
    return span < 1h ? 2 * 24h : 60 * 24h;
}

/// An age beyond all that can be written.
constexpr base::Duration kForever = base::Duration::max();

/// `before` where it is refused.
base::Duration read_age(base::Settings& settings, const std::string& name, base::Duration span,
                        const std::string& text, base::Duration before) {
    if (text == "forever") return kForever;
    const auto age = base::parse_duration(text);
    if (age && age.value() >= least_keep(span) && age.value() <= kMost) return age.value();
    settings.refuse(
        name, fmt::format("{}: \"{}\" is no time to keep windows of {}; write \"forever\", or some "
                          "like \"90d\", from {}d on: longer windows are made of them",
                          settings.full_name(name), text, name, least_keep(span) / 24h));
    return before;
}

}  // namespace

KeepReadings read_keep(base::Settings settings) {
    KeepReadings keep;
    keep.fallback = read_keep(settings, "keep", keep.fallback);
    auto quantities = settings.table("quantities");
    for (const auto& quantity : quantities.keys()) {
        keep.of[quantity] = read_keep(quantities, quantity, keep.fallback);
    }
    return keep;
}

KeepWindows read_keep_windows(base::Settings settings, const std::vector<base::Duration>& spans) {
    std::map<base::Duration, std::pair<std::string, std::string>> written;
    for (const auto& name : settings.keys()) {
        const auto text = read_text(settings, name);
        if (!text) continue;
        const auto span = base::parse_duration(name);
        if (span && std::find(spans.begin(), spans.end(), span.value()) != spans.end()) {
            written[span.value()] = {name, *text};
            continue;
        }
        settings.refuse(name, fmt::format("{}: there are no windows of \"{}\"; name one of "
                                          "windows.lengths",
                                          settings.full_name(name), name));
    }
    auto keep = default_keep(spans);
    base::Duration least{};  // As long as the shorter ones.
    for (const auto span : spans) {
        auto age = keep.contains(span) ? std::max(keep[span], least) : kForever;
        if (const auto own = written.find(span); own != written.end()) {
            const auto& [name, text] = own->second;
            age = read_age(settings, name, span, text, age);
            if (age < least) {
                settings.refuse(name, fmt::format("{}: \"{}\" would remove windows of {} before "
                                                  "shorter ones; keep them at least as long",
                                                  settings.full_name(name), text, name));
            }
        }
        least = std::max(least, age);
        keep[span] = age;
    }
    std::erase_if(keep, [](const auto& one) { return one.second == kForever; });
    return keep;
}

}  // namespace retention
