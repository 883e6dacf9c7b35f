#include "base/log.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <mutex>

#include "base/clock.hpp"

namespace base {

namespace {

constexpr std::array<std::string_view, 4> kLevelNames{"debug", "info", "warn", "error"};
constexpr std::uint64_t kRepeatsMax = 10;
constexpr Duration kRepeatSpan = std::chrono::minutes{1};
constexpr std::size_t kEventsMax = 1024;
constexpr std::size_t kValueBytesMax = 1024;

std::atomic<LogLevel> least_level{LogLevel::info};

struct Repeats {
    Instant since;
    std::uint64_t count = 0;
};

/// Decides whether an event is written; gives the number that was held back before it.
class RepeatLimit {
  public:
    bool admits(std::string_view event, Instant now, std::uint64_t& held_back) {
        if (seen_.size() >= kEventsMax) seen_.clear();
        auto& repeats = seen_[std::string{event}];
        held_back = 0;
        if (repeats.count == 0 || now - repeats.since >= kRepeatSpan) {
            if (repeats.count > kRepeatsMax) held_back = repeats.count - kRepeatsMax;
            repeats = {.since = now, .count = 0};
        }
        return ++repeats.count <= kRepeatsMax;
    }

  private:
    std::map<std::string, Repeats, std::less<>> seen_;
};

std::string quoted(std::string_view value) {
    value = value.substr(0, kValueBytesMax);
    const auto plain = [](char c) {
        return c > ' ' && c < 0x7f && c != '"' && c != '=' && c != '\\';
    };
    if (!value.empty() && std::all_of(value.begin(), value.end(), plain)) return std::string{value};
    std::string text = "\"";
    for (const char c : value) {
        if (c == '"' || c == '\\') text += '\\';
        if (c == '\n') {
            text += "\\n";
        } else if (static_cast<unsigned char>(c) < 0x20U) {
            text += fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
        } else {
            text += c;
        }
    }
    return text + '"';
}

std::string time_text(EventTime now) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                       (now - seconds).count());
}

}  // namespace

Field::Field(std::string_view name, double number) : key(name), value(fmt::format("{}", number)) {}

void log(LogLevel level, std::string_view event, const std::vector<Field>& fields) {
    if (level < least_level.load(std::memory_order_relaxed)) return;
    static std::mutex mutex;
    static RepeatLimit limit;
    const SystemClock clock;
    const std::lock_guard lock(mutex);
    std::uint64_t held_back = 0;
    if (!limit.admits(event, clock.instant(), held_back)) return;
    auto line = fmt::format("ts={} level={} event={}", time_text(clock.event_time()),
                            kLevelNames.at(static_cast<std::size_t>(level)), quoted(event));
    for (const auto& field : fields) line += fmt::format(" {}={}", field.key, quoted(field.value));
    if (held_back > 0) line += fmt::format(" held_back={}", held_back);
    line += '\n';
    // A log that cannot be written must not stop the program; there is nobody left to tell.
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

void set_log_level(LogLevel level) { least_level.store(level, std::memory_order_relaxed); }

Result<LogLevel> parse_log_level(std::string_view text) {
    const auto found = std::find(kLevelNames.begin(), kLevelNames.end(), text);
    if (found == kLevelNames.end()) {
        return Error{Fault::misconfigured,
                     fmt::format("\"{}\" is no log level: debug, info, warn or error", text)};
    }
    return static_cast<LogLevel>(found - kLevelNames.begin());
}

}  // namespace base
