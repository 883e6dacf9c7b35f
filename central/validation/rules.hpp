#pragma once

#include <cstddef>

#include "central/validation/rule.hpp"
#include "central/validation/series_rules.hpp"

namespace validation {

constexpr std::size_t kRulesMax = 1'000;

using Rules = SeriesRules<Rule>;

}  // namespace validation
