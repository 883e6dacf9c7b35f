#include "central/shell/moment.hpp"

#include <fmt/format.h>

#include <chrono>
#include <optional>

#include "base/utf8.hpp"
#include "central/api/common/time_text.hpp"

namespace shell {

namespace {

/// A time without a zone, as if it were UTC.
std::optional<base::EventTime> parse_local(const std::string& text, base::EventTime local_now) {
    const base::EventTime today = std::chrono::floor<std::chrono::days>(local_now);
    if (text == "today") return today;
    if (text == "yesterday") return today - std::chrono::days{1};
    for (const char* rest : {"Z", "T00:00Z"}) {
        if (const auto time = api::parse_time(text + rest, local_now)) return time.value();
    }
    return std::nullopt;
}

}  // namespace

base::Result<base::EventTime> parse_moment(const std::string& text, base::EventTime now,
                                           const drivers::tables::TimeZone& zone) {
    auto time = api::parse_time(text, now);
    if (time) return time;
    if (const auto local = parse_local(text, zone.local_of(now))) return zone.instant_of(*local);
    return base::Error{base::Fault::misused,
                       fmt::format("\"{}\" is no time; write -6h, today, yesterday, 2026-11-20, "
                                   "\"2026-11-20 08:31\", 2026-11-20T08:31:00Z, or now",
                                   base::printable(text, 64))};
}

}  // namespace shell
