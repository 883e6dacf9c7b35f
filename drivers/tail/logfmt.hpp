#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

/// Lines of key=value pairs, as Heroku, Go's loggers and leat itself write them. Pure: no I/O.
namespace drivers::tail {

struct LogfmtPair {
    std::string key;
    std::string value;  // Without quotes and escapes; "true" for a key on its own.

    friend bool operator==(const LogfmtPair&, const LogfmtPair&) = default;
};

/// Reads a line without its newline: pairs separated by blanks, values bare or in double quotes. In
/// quotes a backslash escapes the next character (n, r and t mean the same as in C). Malformed when
/// a quote is unclosed or misplaced, a key is missing, or there are more than kFieldsMax pairs.
base::Status read_logfmt(std::string_view line, std::vector<LogfmtPair>& pairs);

}  // namespace drivers::tail
