#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"

namespace detect {

/// What is odd about a series, and so which detector says it.
enum class Code : std::uint8_t {
    limit,    // A reading lies outside a limit that a person set.
    step,     // A reading differs from the one before it by more than a person allows.
    flat,     // The same value for far longer than ever before.
    silent,   // No readings while its node goes on.
    stuck,    // A contact, or motion, that does not end.
    failing,  // More reads fail than succeed.
    odd,      // Unlike what is usual for the series: the contextual detector.
    drift,    // It goes away from its neighbours, day by day.
};
constexpr std::size_t kCodes = 8;
std::string_view to_text(Code code);
std::optional<Code> code_of(std::string_view text);

enum class Severity : std::uint8_t { notice, warning, critical };
std::string_view to_text(Severity severity);
std::optional<Severity> severity_of(std::string_view text);

/// One event from its beginning to its end. A series has at most one of each code open, so that
/// the code and the beginning identify it. It changes while it is open and never after.
struct Finding {
    Code code = Code::odd;
    Severity severity = Severity::warning;
    base::EventTime from;                  // When it began.
    base::EventTime to;                    // Up to when it is known to have held.
    std::optional<base::EventTime> ended;  // When it was seen to be over; nothing: it is open.
    base::EventTime at;                    // The most telling reading,
    double value = 0;                      // and what it was.
    double score = 1;                      // 0..1; 1 for what is certain.
    std::uint32_t times = 1;               // How often it came back: soon after an end it goes on.
    std::string sentence;                  // For people.
    std::vector<std::pair<std::string, double>> parameters{};  // For machines.

    friend bool operator==(const Finding&, const Finding&) = default;
};

/// The permanent identity of a finding.
struct FindingKey {
    std::string node;
    std::string series;
    Code code = Code::odd;
    base::EventTime from;

    friend auto operator<=>(const FindingKey&, const FindingKey&) = default;
};

}  // namespace detect
