#include "delivery/outbox/damaged_file.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <filesystem>
#include <set>

namespace delivery {

namespace {

namespace fs = std::filesystem;

std::string aside_name(const std::string& path, std::uint64_t number) {
    return fmt::format("{}.corrupt-{}", path, number);
}

/// The numbers of the files put aside earlier.
std::set<std::uint64_t> numbers_of(const std::string& path) {
    std::set<std::uint64_t> numbers;
    const fs::path file{path};
    const auto folder = file.has_parent_path() ? file.parent_path() : fs::path{"."};
    const auto start = file.filename().string() + ".corrupt-";
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(folder, failed)) {
        const auto name = entry.path().filename().string();
        if (!name.starts_with(start)) continue;
        std::uint64_t number = 0;
        const auto* end = name.data() + name.size();
        const auto parsed = std::from_chars(name.data() + start.size(), end, number);
        if (parsed.ec == std::errc{} && parsed.ptr == end) numbers.insert(number);
    }
    return numbers;
}

}  // namespace

base::Result<std::string> put_aside(const std::string& path, std::size_t kept) {
    auto numbers = numbers_of(path);
    const auto number = numbers.empty() ? 1 : *numbers.rbegin() + 1;
    const auto aside = aside_name(path, number);
    std::error_code failed;
    fs::rename(path, aside, failed);
    if (failed) {
        return base::Error{base::Fault::misconfigured,
                           fmt::format("{} is damaged and cannot be renamed to {}: {}", path, aside,
                                       failed.message())};
    }
    std::error_code ignored;  // There may be no log, and an old copy may be gone already.
    fs::rename(path + "-wal", aside + "-wal", ignored);
    numbers.insert(number);
    while (numbers.size() > kept && numbers.size() > 1) {
        const auto oldest = aside_name(path, *numbers.begin());
        fs::remove(oldest, ignored);
        fs::remove(oldest + "-wal", ignored);
        numbers.erase(numbers.begin());
    }
    return aside;
}

std::optional<std::string> newest_put_aside(const std::string& path) {
    const auto numbers = numbers_of(path);
    if (numbers.empty()) return std::nullopt;
    return aside_name(path, *numbers.rbegin());
}

}  // namespace delivery
