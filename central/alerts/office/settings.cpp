#include "central/alerts/office/settings.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace alerts {

namespace {

using namespace std::chrono_literals;

void read_rules(base::Settings& settings, const char* key, bool is_on,
                std::set<std::string>& rules) {
    const auto names = rule_names();
    for (const auto& name : settings.texts(key)) {
        if (std::find(names.begin(), names.end(), name) == names.end()) {
            const auto near = base::nearest_word(name, names);
            settings.refuse(key, fmt::format("alerts.{}: there is no rule \"{}\"; {} {}", key, name,
                                             near ? "did you mean" : "there are",
                                             near ? "\"" + *near + "\"?"
                                                  : fmt::format("{}", fmt::join(names, ", "))));
        } else if (is_on) {
            rules.insert(name);
        } else {
            rules.erase(name);
        }
    }
}

void read_quiet(base::Settings& settings, QuietHours& quiet) {
    const auto zone = settings.text("quiet_zone", "UTC");
    const auto text = settings.text("quiet", "");
    if (text.empty()) return;
    auto hours = QuietHours::parse(text, zone);
    if (hours) {
        quiet = std::move(hours).value();
    } else {
        settings.refuse("quiet", "alerts.quiet: " + hours.error().detail);
    }
}

}  // namespace

OfficeOptions read_alert_settings(base::Settings settings) {
    OfficeOptions options;
    options.is_enabled = settings.boolean("enabled", options.is_enabled);
    read_rules(settings, "also", true, options.desk.rules);
    read_rules(settings, "without", false, options.desk.rules);
    auto& signs = options.lookout.signs;
    signs.silent_after = settings.duration("silent_after", signs.silent_after, 1s, 31 * 24h);
    options.desk.wait_max = settings.duration("wait_max", options.desk.wait_max, 0s, 24h);
    options.desk.grace = settings.duration("grace", options.desk.grace, 0s, 24h);
    read_quiet(settings, options.dispatcher.quiet);
    return options;
}

}  // namespace alerts
