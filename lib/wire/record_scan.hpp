#pragma once

#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "wire/record.hpp"

/// The two ways behind decode_record(). They never differ in what a line says.
namespace wire {

/// The common record, `data` of readings, in exactly the form in which encode_record() writes it:
/// read in one pass. Nothing for every other line, which may be good all the same.
std::optional<Record> scan_record(std::string_view line);

/// Any line, by a parser of JSON: malformed if it breaks a rule, and the detail says which.
base::Result<Record> parse_record(std::string_view line);

}  // namespace wire
