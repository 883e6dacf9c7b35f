#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace base {

enum class LogLevel { debug, info, warn, error };

/// One key=value pair of a log line.
struct Field {
    Field(std::string_view name, std::string_view text) : key(name), value(text) {}
    Field(std::string_view name, std::string text) : key(name), value(std::move(text)) {}
    Field(std::string_view name, const char* text) : key(name), value(text) {}
    Field(std::string_view name, double number);
    template <class Integer>
    requires std::is_integral_v<Integer> Field(std::string_view name, Integer number)
        : key(name), value(std::to_string(number)) {}

    std::string key;
    std::string value;
};

/// Writes one logfmt line per event to stderr. Thread-safe. An event that comes more than ten times
/// within a minute is held back; when the minute is over, the next line of any event is preceded by
/// one that says how often.
void log(LogLevel level, std::string_view event, const std::vector<Field>& fields = {});

inline void log_debug(std::string_view event, const std::vector<Field>& fields = {}) {
    log(LogLevel::debug, event, fields);
}
inline void log_info(std::string_view event, const std::vector<Field>& fields = {}) {
    log(LogLevel::info, event, fields);
}
inline void log_warn(std::string_view event, const std::vector<Field>& fields = {}) {
    log(LogLevel::warn, event, fields);
}
inline void log_error(std::string_view event, const std::vector<Field>& fields = {}) {
    log(LogLevel::error, event, fields);
}

/// Lines below this level are not written. The default is info.
void set_log_level(LogLevel level);

/// "debug", "info", "warn" or "error".
Result<LogLevel> parse_log_level(std::string_view text);

}  // namespace base
