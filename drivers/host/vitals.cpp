#include "drivers/host/vitals.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>

namespace drivers::host {

namespace {

constexpr std::size_t kFileBytesMax = 64 * 1024;

base::Error malformed(std::string_view what) {
    return {base::Fault::malformed, std::string{what}};
}

template <class Number>
std::optional<Number> leading_number(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    Number number{};
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    if (parsed.ec != std::errc{}) return std::nullopt;
    return number;
}

/// The number after "Key:" at the beginning of a line.
std::optional<double> value_of(std::string_view key, std::string_view text) {
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        if (line.starts_with(key)) return leading_number<double>(line.substr(key.size()));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
    }
    return std::nullopt;
}

}  // namespace

base::Result<double> parse_load(std::string_view loadavg) {
    const auto load = leading_number<double>(loadavg);
    if (!load || !(*load >= 0)) return malformed("loadavg has no number");
    return *load;
}

base::Result<double> parse_memory_used(std::string_view meminfo) {
    const auto total = value_of("MemTotal:", meminfo);
    const auto available = value_of("MemAvailable:", meminfo);
    if (!total || !available || !(*total > 0)) {
        return malformed("meminfo has no MemTotal or MemAvailable");
    }
    return 1 - *available / *total;
}

std::size_t count_processors(std::string_view stat) {
    std::size_t count = 0;
    for (auto at = stat.find("cpu"); at != std::string_view::npos; at = stat.find("cpu", at + 3)) {
        const bool begins_line = at == 0 || stat[at - 1] == '\n';
        const bool numbered = at + 3 < stat.size() && stat[at + 3] >= '0' && stat[at + 3] <= '9';
        if (begins_line && numbered) ++count;
    }
    return count;
}

base::Result<double> disk_used(const std::string& mount_point) {
    struct statvfs found {};
    if (::statvfs(mount_point.c_str(), &found) != 0) {
        return base::Error{base::Fault::transient, std::strerror(errno)};
    }
    const auto used = static_cast<double>(found.f_blocks - found.f_bfree);
    const auto free = static_cast<double>(found.f_bavail);
    if (!(used + free > 0)) return malformed("a file system without blocks");
    return used / (used + free);
}

base::Result<double> parse_millidegrees(std::string_view text) {
    const auto millidegrees = leading_number<std::int64_t>(text);
    if (!millidegrees) return malformed("not a number");
    return static_cast<double>(*millidegrees) / 1000;
}

base::Result<std::string> read_small_file(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return base::Error{base::Fault::transient, std::strerror(errno)};
    std::string content(kFileBytesMax, '\0');
    const auto size = ::read(file, content.data(), content.size());
    const int error = errno;
    ::close(file);
    if (size < 0) return base::Error{base::Fault::transient, std::strerror(error)};
    content.resize(static_cast<std::size_t>(size));
    return content;
}

}  // namespace drivers::host
