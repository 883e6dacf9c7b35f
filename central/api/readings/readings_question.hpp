#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "central/http/problem.hpp"
#include "central/http/target.hpp"
#include "central/sinks/query.hpp"
#include "central/views/readings/reading_text.hpp"

namespace api {

/// Readings of an answer that is limited, at most; without a limit it is as long as its range.
constexpr std::size_t kReadingsLimitMax = 10'000;

/// What a request for single readings asks, with its times resolved.
struct ReadingsQuestion {
    base::EventTime from;  // Inclusive; an hour ago by default.
    base::EventTime to;    // Exclusive.
    std::optional<std::size_t> limit{};
    std::optional<sinks::ReadingPlace> after{};
    views::ReadingStyle style{};
};

const std::vector<http::Parameter>& reading_parameters();

std::variant<ReadingsQuestion, http::Problem> parse_readings_question(const http::Target& target,
                                                                      base::EventTime now);

/// A place as `after` has it, and `next` gives it.
std::string cursor_of(const sinks::ReadingPlace& place);

}  // namespace api
