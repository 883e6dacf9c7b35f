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

template <std::size_t size>
Result<std::uint64_t> parse_with_unit(std::string_view text, const std::array<Unit, size>& units,
                                      std::string_view example) {
    std::uint64_t number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string_view unit = text.substr(static_cast<std::size_t>(parsed.ptr - text.data()));
    const auto found = std::find_if(units.begin(), units.end(),
                                    [&](const Unit& known) { return known.name == unit; });
    if (parsed.ec != std::errc{} || found == units.end()) {
        return Error{Fault::misconfigured,
                     fmt::format("\"{}\" is not understood; write it like {}", text, example)};
    }
    if (number >
        static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / found->factor) {
        return Error{Fault::misconfigured, fmt::format("\"{}\" is too large", text)};
    }
    return number * found->factor;
}

std::size_t edit_distance(const std::string& a, const std::string& b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
        }
    }
    return row[b.size()];
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

std::optional<std::string> nearest_word(const std::string& word,
                                        const std::vector<std::string>& words) {
    std::optional<std::string> best;
    std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
    for (const auto& candidate : words) {
        const auto distance = edit_distance(word, candidate);
        // Words without a common letter in the same place are not near, however short they are.
        if (distance < std::min(best_distance, std::max(word.size(), candidate.size()))) {
            best_distance = distance;
            best = candidate;
        }
    }
    return best;
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
    const auto parsed = parse_with_unit(text, kDurations, "\"250ms\", \"2s\", \"5m\" or \"1h\"");
    if (!parsed) return parsed.error();
    return Duration{static_cast<Duration::rep>(parsed.value())};
}

Result<std::uint64_t> parse_bytes(std::string_view text) {
    return parse_with_unit(text, kSizes, "\"512KiB\", \"64MiB\" or \"2GiB\"");
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
