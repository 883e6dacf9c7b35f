#include "central/service/detect_settings.hpp"

#include <utility>
#include <vector>

#include "central/validation/series_match.hpp"

namespace central {

namespace {

constexpr std::size_t kLimitsMax = 1'000;
constexpr double kLargest = 1e150;  // No reading is larger.

using Limit = validation::RuleFor<detect::limits::Rule>;

void advise(base::Settings& settings) {
    for (const char* key : {"min", "minimum", "least"}) settings.advise(key, "write low = 5");
    for (const char* key : {"max", "maximum", "most"}) settings.advise(key, "write high = 30");
}

Limit read_limit(base::Settings settings) {
    advise(settings);
    auto [match, quantity] = validation::read_series_match(settings);
    Limit limit{.match = std::move(match), .quantity = std::move(quantity), .rule = {}};
    auto& rule = limit.rule;
    rule.low = settings.optional_number("low", -kLargest, kLargest);
    rule.high = settings.optional_number("high", -kLargest, kLargest);
    rule.step = settings.optional_number("step", 0, kLargest);
    rule.margin = settings.optional_number("margin", 0, kLargest);
    if (limit.match == "*" && limit.quantity.empty()) {
        settings.refuse("match",
                        "a [[limit]] needs match = \"attic/climate.temperature\" (\"*/…\" for "
                        "every node), or quantity = \"temperature\"");
    }
    if (rule.is_empty()) settings.refuse("high", "a [[limit]] needs low, high or step");
    if (rule.low && rule.high && *rule.low >= *rule.high) {
        settings.refuse("low", "limit.low is not below limit.high");
    } else if (rule.low && rule.high && rule.margin.value_or(0) * 2 >= *rule.high - *rule.low) {
        settings.refuse("margin", "limit.margin leaves nothing between low and high");
    }
    return limit;
}

}  // namespace

void read_detection(base::Settings& settings, engine::EngineOptions& engine,
                    PipelineOptions& pipeline) {
    auto detect = settings.table("detect");
    engine.detection = detect.boolean("enabled", engine.detection);
    pipeline.drift = detect.boolean("drift", pipeline.drift);
    auto tables = settings.tables("limit");
    if (tables.size() > kLimitsMax) {
        settings.refuse("limit", "there are more than 1000 [[limit]] tables");
        return;
    }
    std::vector<Limit> limits;
    for (const auto& table : tables) limits.push_back(read_limit(table));
    engine.limits = validation::SeriesRules{std::move(limits)};
}

}  // namespace central
