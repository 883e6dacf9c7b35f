#include "central/service/detect_settings.hpp"

#include <algorithm>

namespace central {

namespace {

constexpr std::size_t kLimitsMax = 1'000;
constexpr double kLargest = 1e150;  // No reading is larger.

void read_limit(base::Settings settings, engine::EngineOptions& engine) {
    engine::LimitRule limit{.series = settings.text("series", ""),
                            .quantity = settings.text("quantity", ""),
                            .rule = {}};
    auto& rule = limit.rule;
    rule.low = settings.optional_number("low", -kLargest, kLargest);
    rule.high = settings.optional_number("high", -kLargest, kLargest);
    rule.step = settings.optional_number("step", 0, kLargest);
    rule.margin = settings.number("margin", 0, 0, kLargest);
    if (limit.series.empty() && limit.quantity.empty()) {
        settings.refuse("series",
                        "a [[limit]] needs series = \"attic/climate.temperature\" (\"*/…\" for "
                        "every node), or quantity = \"temperature\"");
    }
    const auto slashes = std::count(limit.series.begin(), limit.series.end(), '/');
    if (!limit.series.empty() && slashes != 1) {
        settings.refuse("series", "limit.series: \"" + limit.series +
                                      "\" is no series; write \"attic/climate.temperature\", or "
                                      "\"*/climate.temperature\" for every node");
    }
    if (rule.is_empty()) settings.refuse("high", "a [[limit]] needs low, high or step");
    if (rule.low && rule.high && *rule.low >= *rule.high) {
        settings.refuse("low", "limit.low is not below limit.high");
    } else if (rule.low && rule.high && rule.margin * 2 >= *rule.high - *rule.low) {
        settings.refuse("margin", "limit.margin leaves nothing between low and high");
    }
    engine.limits.push_back(std::move(limit));
}

}  // namespace

void read_detection(base::Settings& settings, engine::EngineOptions& engine) {
    engine.detection = settings.table("detect").boolean("enabled", engine.detection);
    auto tables = settings.tables("limit");
    if (tables.size() > kLimitsMax) {
        settings.refuse("limit", "there are more than 1000 [[limit]] tables");
        return;
    }
    for (const auto& table : tables) read_limit(table, engine);
}

}  // namespace central
