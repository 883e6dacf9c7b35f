#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "wire/record.hpp"

/// The two ways behind decode_record(). They never differ in what a line says.
namespace wire {

/// The common record, `data` of readings in the form in which encode_record() writes it, or nearly:
/// read in one pass. Nothing for every other line, which may be good all the same.
std::optional<Record> scan_record(std::string_view line);

/// Any line, by a parser of JSON: malformed if it breaks a rule, and the detail says which.
base::Result<Record> parse_record(std::string_view line);

/// Whether JSON can carry each time, which lies so many milliseconds behind `at`, exactly.
bool has_exact_times(const std::vector<std::int64_t>& offsets, base::EventTime at);

}  // namespace wire
