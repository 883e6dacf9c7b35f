#include "agent/sampling/filter_settings.hpp"

#include <fmt/format.h>

#include <limits>

namespace agent {

namespace {

using namespace std::chrono_literals;

constexpr base::Duration kSpanMin = 1s;
constexpr base::Duration kSpanMax = 1h;
constexpr base::Duration kSpanDefault = 10s;
constexpr base::Duration kHeartbeatMin = 1s;
constexpr base::Duration kHeartbeatMax = 24h;
constexpr double kLargest = std::numeric_limits<double>::max();

/// Whether whole spans make up windows of a minute and of an hour: the centre merges them.
bool tiles_windows(base::Duration span) {
    if (span < 1min) return 1min % span == 0s;
    return span % 1min == 0s && 1h % span == 0s;
}

/// Refuses options that contradict one another.
void check(base::Settings& settings, const FilterOptions& options) {
    if (options.least && options.most && *options.least >= *options.most) {
        settings.refuse("least", "least is not below most");
    }
    if (!options.is_partial()) {
        if (settings.has("span")) settings.refuse("span", "span needs send = \"partial\"");
        if (settings.has("heartbeat") && options.deadband <= 0) {
            settings.refuse("heartbeat", "heartbeat needs a deadband");
        }
        return;
    }
    if (!tiles_windows(options.span)) {
        settings.refuse("span", "span must divide a minute, or be minutes that divide an hour");
    }
    if (options.deadband > 0) {
        settings.refuse(
            "deadband",
            "deadband and send = \"partial\" exclude each other: a mean of changes only "
            "would be wrong");
    }
    if (options.urgent.value_or(false)) {
        settings.refuse("urgent", "urgent and send = \"partial\" exclude each other");
    }
}

FilterOptions read_filter(base::Settings settings) {
    FilterOptions options;
    options.least = settings.optional_number("least", -kLargest, kLargest);
    options.most = settings.optional_number("most", -kLargest, kLargest);
    options.step = settings.optional_number("step", 0, kLargest);
    options.deadband = settings.number("deadband", 0, 0, kLargest);
    options.heartbeat =
        settings.duration("heartbeat", options.heartbeat, kHeartbeatMin, kHeartbeatMax);
    options.urgent = settings.optional_boolean("urgent");
    const auto send = settings.choice("send", "raw", {"raw", "partial"});
    const auto span = settings.duration("span", kSpanDefault, kSpanMin, kSpanMax);
    if (send == "partial") options.span = span;
    check(settings, options);
    return options;
}

}  // namespace

Filters read_filters(base::Settings& sensor) {
    Filters filters;
    auto series = sensor.table("series");
    for (const auto& quantity : series.keys()) {
        filters[quantity] = read_filter(series.table(quantity));
    }
    return filters;
}

}  // namespace agent
