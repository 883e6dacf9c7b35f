#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

/// Lines of key=value pairs, as Heroku, Go's loggers and leat itself write them. Pure: no I/O.
namespace drivers::tail {

struct LogfmtPair {
    std::string key;
    std::string value;  // Quotes and backslashes taken off; "true" for a key alone.

    friend bool operator==(const LogfmtPair&, const LogfmtPair&) = default;
};

/// Reads a line without its newline: pairs between blanks, values bare or in double quotes, within
/// which a backslash takes the next character as it is (n, r and t mean what they do in C).
/// Malformed when a quote is not closed or in the wrong place, a key is missing, or there are more
/// than kFieldsMax pairs.
base::Status read_logfmt(std::string_view line, std::vector<LogfmtPair>& pairs);

}  // namespace drivers::tail
