#include "drivers/replay/options.hpp"

#include <fmt/format.h>

#include <charconv>

namespace drivers::replay {

namespace {

constexpr double kSpeedMost = 1e6;

/// "max" or "3600x".
void read_speed(base::Settings& settings, Options& options) {
    const auto text = settings.text("speed", "max");
    if (text == "max") return;
    double speed = 0;
    const auto* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, speed);
    const bool well_formed = parsed.ec == std::errc{} && std::string_view(parsed.ptr) == "x";
    if (!well_formed || !(speed > 0) || speed > kSpeedMost) {
        settings.refuse("speed", fmt::format("speed = \"{}\" is not understood; write \"max\", "
                                             "\"1x\" or \"3600x\"",
                                             text));
        return;
    }
    options.speed = speed;
}

}  // namespace

Options read_part_options(base::Settings& settings) {
    Options options{tables::read_table_options(settings)};
    if (options.times.empty()) settings.refuse({}, "time_column is missing");
    return options;
}

Options read_options(base::Settings& settings) {
    const auto file = settings.required_text("file");
    auto options = read_part_options(settings);
    options.file = file;
    options.loop = settings.boolean("loop", options.loop);
    options.edition = settings.integer("edition", options.edition, 0, 1'000'000'000);
    options.again = settings.boolean("again", options.again);
    read_speed(settings, options);
    return options;
}

}  // namespace drivers::replay
