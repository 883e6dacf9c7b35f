#include "central/validation/rules_reader.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

#include "central/text/day.hpp"
#include "central/validation/series_match.hpp"
#include "wire/limits.hpp"

namespace validation {

namespace {

using namespace std::chrono_literals;

std::vector<double> read_values(base::Settings& settings) {
    std::vector<double> values;
    for (const auto& word : settings.words("values")) {
        double value = 0;
        const auto* const end = word.data() + word.size();
        const auto result = std::from_chars(word.data(), end, value);
        if (result.ec == std::errc{} && result.ptr == end) {
            values.push_back(value);
        } else {
            settings.refuse("values", fmt::format("{}: \"{}\" is no number; write values = [0, 1]",
                                                  settings.full_name("values"), word));
        }
    }
    if (values.empty() && settings.has("values")) {
        settings.refuse("values",
                        settings.full_name("values") +
                            " is empty, so no reading could count; write values = [0, 1]");
    }
    return values;
}

std::optional<base::Duration> read_duration(base::Settings& settings, const char* key,
                                            base::Duration most) {
    if (!settings.has(key)) return std::nullopt;
    return settings.duration(key, most, 0s, most);
}

std::optional<base::EventTime> read_not_before(base::Settings& settings) {
    const auto word = settings.optional_text("not_before");
    if (!word) return std::nullopt;
    auto day = text::parse_day(*word);
    if (!day) {
        settings.refuse("not_before",
                        fmt::format("{}: \"{}\" is no day; write not_before = \"2024-01-31\"",
                                    settings.full_name("not_before"), *word));
    }
    return day;
}

Rule read_rule(base::Settings& settings) {
    Rule rule;
    rule.unit = settings.optional_text("unit");
    rule.least = settings.optional_number("least", -wire::kValueMax, wire::kValueMax);
    rule.most = settings.optional_number("most", -wire::kValueMax, wire::kValueMax);
    rule.step = settings.optional_number("step", 0, wire::kValueMax);
    rule.step_within = read_duration(settings, "step_within", 31 * 24h);
    rule.not_before = read_not_before(settings);
    rule.ahead = read_duration(settings, "ahead", 366 * 24h);
    rule.values = read_values(settings);
    return rule;
}

void advise(base::Settings& settings) {
    for (const char* key : {"min", "minimum"}) settings.advise(key, "write least = -40");
    for (const char* key : {"max", "maximum"}) settings.advise(key, "write most = 60");
    settings.advise("range", "write least = -40 and most = 60");
    settings.advise("allowed", "write values = [0, 1]");
}

RuleFor<Rule> read_table(base::Settings settings) {
    advise(settings);
    auto [match, quantity] = read_series_match(settings);
    RuleFor<Rule> rule{
        .match = std::move(match), .quantity = std::move(quantity), .rule = read_rule(settings)};
    const auto& [unit, least, most, step, within, not_before, ahead, values] = rule.rule;
    if (least && most && *least > *most) {
        settings.refuse("least", fmt::format("{}: least = {} is above most = {}",
                                             settings.full_name("least"), *least, *most));
    }
    const bool asks =
        unit || least || most || step || within || not_before || ahead || settings.has("values");
    if (!asks) {
        settings.refuse("match", settings.full_name("match") +
                                     ": the rule asks for nothing; write least, most, step, unit, "
                                     "values, not_before or ahead");
    }
    return rule;
}

}  // namespace

Rules read_rules(std::vector<base::Settings> tables) {
    if (tables.size() > kRulesMax) {
        tables[kRulesMax].refuse("match", fmt::format("there are {} [[validate]] tables, and may "
                                                      "be {}",
                                                      tables.size(), kRulesMax));
        tables.erase(tables.begin() + kRulesMax, tables.end());
    }
    std::vector<RuleFor<Rule>> rules;
    for (auto& table : tables) rules.push_back(read_table(std::move(table)));
    return Rules{std::move(rules)};
}

}  // namespace validation
