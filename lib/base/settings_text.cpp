// What settings need besides the tables of a file: reading files, variables, durations, sizes, near
// misses.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <span>
#include <system_error>

#include "base/settings.hpp"

namespace base {

namespace {

constexpr std::size_t kFileBytesMax = 1024 * 1024;

struct Unit {
    std::string_view name;
    std::uint64_t factor;
};

constexpr std::array<Unit, 5> kDurations{
    {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
constexpr std::array<Unit, 5> kSizes{{{"B", 1},
                                      {"KiB", 1U << 10U},
                                      {"MiB", 1U << 20U},
                                      {"GiB", 1U << 30U},
                                      {"TiB", std::uint64_t{1} << 40U}}};

/// What people write for a unit, and the unit that they mean.
using Aliases = std::array<std::pair<std::string_view, std::string_view>, 20>;
constexpr Aliases kDurationAliases{
    {{"sec", "s"},    {"secs", "s"},    {"second", "s"},  {"seconds", "s"}, {"min", "m"},
     {"mins", "m"},   {"minute", "m"},  {"minutes", "m"}, {"hr", "h"},      {"hrs", "h"},
     {"hour", "h"},   {"hours", "h"},   {"day", "d"},     {"days", "d"},    {"msec", "ms"},
     {"msecs", "ms"}, {"millis", "ms"}, {"S", "s"},       {"H", "h"},       {"D", "d"}}};
constexpr Aliases kSizeAliases{{{"b", "B"},     {"byte", "B"},  {"bytes", "B"}, {"K", "KiB"},
                                {"k", "KiB"},   {"KB", "KiB"},  {"kB", "KiB"},  {"kb", "KiB"},
                                {"kib", "KiB"}, {"M", "MiB"},   {"m", "MiB"},   {"MB", "MiB"},
                                {"mb", "MiB"},  {"mib", "MiB"}, {"G", "GiB"},   {"g", "GiB"},
                                {"GB", "GiB"},  {"gb", "GiB"},  {"gib", "GiB"}, {"TB", "TiB"}}};

/// In the largest unit that keeps it whole.
template <class Number>
std::string text_of(std::span<const Unit> units, Number number) {
    const auto size = [&](std::size_t unit) { return static_cast<Number>(units[unit].factor); };
    std::size_t unit = 0;
    while (unit + 1 < units.size() && number != 0 && number % size(unit + 1) == 0) ++unit;
    return fmt::format("{}{}", number / size(unit), units[unit].name);
}

struct Scale {
    std::span<const Unit> units;
    const Aliases& aliases;
    std::string_view usual;    // The unit that is meant most often when there is none.
    std::string_view example;  // How a value is written.
};
constexpr Scale kDurationScale{kDurations, kDurationAliases, "s",
                               "\"250ms\", \"2s\", \"5m\" or \"1h\""};
constexpr Scale kSizeScale{kSizes, kSizeAliases, "MiB", "\"512KiB\", \"64MiB\" or \"2GiB\""};

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    return first == std::string_view::npos ? std::string_view{} : text.substr(first);
}

/// Says what to write instead of a text that is no number with a unit.
Error not_understood(std::string_view text, std::string_view unit, std::uint64_t number,
                     const Scale& scale) {
    const auto fails = [&](std::string_view means) {
        return Error{
            Fault::misconfigured,
            fmt::format("\"{}\" is not understood; did you mean \"{}{}\"?", text, number, means)};
    };
    const bool has_number = unit.size() < text.size();
    if (has_number && unit.empty()) {
        return {Fault::misconfigured, fmt::format("\"{}\" has no unit; write \"{}{}\", or {}", text,
                                                  text, scale.usual, scale.example)};
    }
    for (const auto& [alias, means] : scale.aliases) {
        if (has_number && trimmed(unit) == alias) return fails(means);
    }
    for (const auto& known : scale.units) {
        if (has_number && trimmed(unit) == known.name) return fails(known.name);
    }
    const bool is_fraction = has_number && (unit.front() == '.' || unit.front() == ',');
    return {Fault::misconfigured,
            fmt::format("\"{}\" is not understood; write {}like {}", text,
                        is_fraction ? "a whole number, " : "it ", scale.example)};
}

Result<std::uint64_t> parse_with_unit(std::string_view text, const Scale& scale) {
    std::uint64_t number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string_view unit = text.substr(static_cast<std::size_t>(parsed.ptr - text.data()));
    const auto found = std::find_if(scale.units.begin(), scale.units.end(),
                                    [&](const Unit& known) { return known.name == unit; });
    if (parsed.ec == std::errc::result_out_of_range) {
        return Error{Fault::misconfigured, fmt::format("\"{}\" is too large", text)};
    }
    if (parsed.ec != std::errc{} || found == scale.units.end()) {
        return not_understood(text, unit, number, scale);
    }
    if (number >
        static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / found->factor) {
        return Error{Fault::misconfigured, fmt::format("\"{}\" is too large", text)};
    }
    return number * found->factor;
}

/// What stands between the braces of ${…}.
Result<std::string> expand_one(std::string_view inner) {
    if (inner.find("${") != std::string_view::npos) {
        return Error{Fault::misconfigured, "a ${…} inside another is not understood"};
    }
    const auto colon = inner.find(':');
    const std::string name{inner.substr(0, colon)};
    // Nothing in leat ever sets the environment.
    const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe)
    if (value != nullptr && *value != '\0') return std::string{value};
    if (colon == std::string_view::npos) {
        if (value != nullptr) return std::string{};
        return Error{Fault::misconfigured, fmt::format("the variable {} is not set", name)};
    }
    const auto rest = inner.substr(colon + 1);
    if (rest.starts_with('-')) return std::string{rest.substr(1)};
    if (rest.starts_with('?')) {
        return Error{Fault::misconfigured, fmt::format("{}: {}", name, rest.substr(1))};
    }
    return Error{
        Fault::misconfigured,
        fmt::format("${{{}}} is not understood; ${{VAR:-default}} or ${{VAR:?message}}", inner)};
}

}  // namespace

Result<Settings> Settings::load(const std::string& path) {
    if (path.empty()) return Error{Fault::misconfigured, "the name of the file is empty"};
    // A folder can be opened like a file, and would look like an empty one.
    if (std::error_code ignored; std::filesystem::is_directory(path, ignored)) {
        return Error{Fault::misconfigured, fmt::format("{}: is a folder, not a file", path)};
    }
    std::ifstream in(path);
    if (!in) {
        return Error{Fault::misconfigured, fmt::format("{}: cannot be read: {}", path,
                                                       std::generic_category().message(errno))};
    }
    std::string content(kFileBytesMax + 1, '\0');
    in.read(content.data(), static_cast<std::streamsize>(content.size()));
    content.resize(static_cast<std::size_t>(in.gcount()));
    if (content.size() > kFileBytesMax) {
        return Error{Fault::misconfigured,
                     fmt::format("{}: is larger than {} bytes, so not a configuration", path,
                                 kFileBytesMax)};
    }
    return parse(content, path);
}

std::string duration_text(Duration duration) {
    return duration == Duration::zero() ? "0s" : text_of(kDurations, duration.count());
}

std::string bytes_text(std::uint64_t bytes) {
    return text_of(kSizes, bytes);
}

Result<std::string> expand_variables(std::string_view text) {
    std::string result;
    for (;;) {
        const auto start = text.find("${");
        result += text.substr(0, start);
        if (start == std::string_view::npos) return result;
        const auto end = text.find('}', start);
        if (end == std::string_view::npos) {
            return Error{Fault::misconfigured, "\"${\" without \"}\""};
        }
        auto value = expand_one(text.substr(start + 2, end - start - 2));
        if (!value) return value.error();
        result += value.value();
        text.remove_prefix(end + 1);
    }
}

Result<Duration> parse_duration(std::string_view text) {
    const auto parsed = parse_with_unit(text, kDurationScale);
    if (!parsed) return parsed.error();
    return Duration{static_cast<Duration::rep>(parsed.value())};
}

Result<std::uint64_t> parse_bytes(std::string_view text) {
    return parse_with_unit(text, kSizeScale);
}

Result<std::string> read_password(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::string password;
    if (!in || !std::getline(in, password)) {
        return Error{
            Fault::misconfigured,
            fmt::format("cannot read the password file {}: {}", path,
                        in.is_open() ? "it is empty" : std::generic_category().message(errno))};
    }
    if (password.ends_with('\r')) password.pop_back();
    return password;
}

}  // namespace base
