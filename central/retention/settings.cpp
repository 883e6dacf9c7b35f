#include "central/retention/settings.hpp"

#include <fmt/format.h>

namespace retention {

namespace {

using namespace std::chrono_literals;

/// Below an hour nothing would be left to look at: blocks go by whole hours.
constexpr base::Duration kLeast = 1h;
constexpr base::Duration kMost = 36'500 * 24h;

/// `before` says how long what is already there stays when nothing more is kept.
Keep read_keep(base::Settings& settings, const std::string& key, const std::string& text,
               const Keep& before) {
    if (text == "forever") return {.is_kept = true, .age = std::nullopt};
    if (text == "off") return {.is_kept = false, .age = before.age};
    const auto age = base::parse_duration(text);
    if (age && age.value() >= kLeast && age.value() <= kMost) return {.age = age.value()};
    settings.refuse(key, fmt::format("{}: \"{}\" is no time to keep readings; write some like "
                                     "\"30d\", from 1h on, or \"forever\", or \"off\"",
                                     settings.full_name(key), text));
    return before;
}

}  // namespace

KeepReadings read_keep(base::Settings settings) {
    KeepReadings keep;
    keep.fallback = read_keep(settings, "keep", settings.text("keep", "30d"), keep.fallback);
    auto quantities = settings.table("quantities");
    for (const auto& [quantity, text] : quantities.pairs()) {
        keep.of[quantity] = read_keep(quantities, quantity, text, keep.fallback);
    }
    return keep;
}

}  // namespace retention
