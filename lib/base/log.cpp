#include "base/log.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/reminder.hpp"
#include "base/text.hpp"

namespace base {

namespace {

constexpr std::array<std::string_view, 4> kLevelNames{"debug", "info", "warn", "error"};
constexpr std::size_t kValueBytesMax = 1024;

std::atomic<LogLevel> least_level{LogLevel::info};

std::string field_text(std::string_view value) {
    const auto plain = [](char c) {
        return c > ' ' && c < 0x7f && c != '"' && c != '=' && c != '\\';
    };
    value = shortened(value, kValueBytesMax);
    if (!value.empty() && std::all_of(value.begin(), value.end(), plain)) return std::string{value};
    // A JSON string is what readers of logfmt expect between quotes, and it is always valid UTF-8:
    // the journal shows any other line as "blob data".
    return JsonWriter{}.value(value).take();
}

std::string time_text(EventTime now) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                       (now - seconds).count());
}

void write_line(LogLevel level, std::string_view event, const std::vector<Field>& fields,
                EventTime now) {
    auto line = fmt::format("ts={} level={} event={}", time_text(now),
                            kLevelNames.at(static_cast<std::size_t>(level)), field_text(event));
    for (const auto& field : fields)
        line += fmt::format(" {}={}", field.key, field_text(field.value));
    line += '\n';
    // A log that cannot be written must not stop the program, and there is nowhere else to say so.
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace

Field::Field(std::string_view name, double number) : key(name), value(fmt::format("{}", number)) {}

void log(LogLevel level, std::string_view event, const std::vector<Field>& fields) {
    if (level < least_level.load(std::memory_order_relaxed)) return;
    static std::mutex mutex;
    static RepeatLimit limit;
    const SystemClock clock;
    const std::lock_guard lock(mutex);
    for (const auto& held : limit.forget(clock.instant())) {
        write_line(held.level, held.event, {{"held_back", held.count}}, clock.event_time());
    }
    if (limit.admits(level, event, clock.instant())) {
        write_line(level, event, fields, clock.event_time());
    }
}

void set_log_level(LogLevel level) {
    least_level.store(level, std::memory_order_relaxed);
}

Result<LogLevel> parse_log_level(std::string_view text) {
    const auto found = std::find(kLevelNames.begin(), kLevelNames.end(), text);
    if (found == kLevelNames.end()) {
        return Error{Fault::misconfigured,
                     fmt::format("\"{}\" is not a log level: debug, info, warn or error", text)};
    }
    return static_cast<LogLevel>(found - kLevelNames.begin());
}

}  // namespace base
