#include "central/shell/table/times.hpp"

#include <fmt/format.h>

#include <chrono>

namespace shell {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

std::string length_text(base::Duration length) {
    const auto is_whole = [&](base::Duration unit) { return length % unit == base::Duration{0}; };
    if (length == base::Duration::zero()) return "0s";
    if (is_whole(days{1})) return fmt::format("{}d", length / days{1});
    if (is_whole(hours{1})) return fmt::format("{}h", length / hours{1});
    if (is_whole(minutes{1})) return fmt::format("{}m", length / minutes{1});
    if (is_whole(seconds{1})) return fmt::format("{}s", length / seconds{1});
    return fmt::format("{}ms", length.count());
}

std::string rough_text(base::Duration length) {
    if (length >= days{2}) return fmt::format("{} d", length / days{1});
    if (length >= hours{2}) return fmt::format("{} h", length / hours{1});
    if (length >= minutes{2}) return fmt::format("{} min", length / minutes{1});
    return fmt::format("{} s", length / seconds{1});
}

std::string age_text(base::EventTime time, base::EventTime now) {
    return time <= now ? rough_text(now - time) + " ago" : "in " + rough_text(time - now);
}

}  // namespace shell
