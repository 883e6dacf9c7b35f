#include "central/sinks/access/path_check.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "central/sinks/access/schema_mark.hpp"

namespace sinks {

namespace {

constexpr std::string_view kHeader{"SQLite format 3\0", 16};

base::Error refusal(const std::string& path, const std::string& reason) {
    return {base::Fault::misconfigured, fmt::format("{} {}", path, reason)};
}

/// Whether it begins as SQLite's files do. An empty file is one, and so is one that cannot be read:
/// the reason for that is told elsewhere.
bool is_database(const std::string& path) {
    std::array<char, kHeader.size()> begin{};
    std::ifstream file(path, std::ios::binary);
    file.read(begin.data(), begin.size());
    const auto size = static_cast<std::size_t>(file.gcount());
    return size == 0 || std::string_view{begin.data(), size} == kHeader;
}

base::Status expect_tables(const Address& address) {
    const auto opened = open_database(address, true);
    if (!opened) return opened.error();
    const auto version = schema_version(*opened.value());
    if (!version) return version.error();
    if (version.value() > 0) return base::Done{};
    return refusal(address.text() + ":",
                   "central has not begun this database yet. Check [sink] "
                   "database, and --config");
}

}  // namespace

base::Status check_path(const std::string& path) {
    std::error_code ignored;
    const auto status = std::filesystem::status(path, ignored);
    if (!std::filesystem::exists(status)) return base::Done{};
    if (std::filesystem::is_directory(status)) {
        return refusal(path, "is a folder; [sink] path names a file, such as " + path +
                                 (path.ends_with('/') ? "" : "/") + "leat.db");
    }
    if (!std::filesystem::is_regular_file(status)) {
        return refusal(path, "is not a file; choose another [sink] path");
    }
    if (!is_database(path)) {
        return refusal(path,
                       "is a file of another kind, not a database; it is left as it is. "
                       "Choose another [sink] path, or put that file aside");
    }
    if (::access(path.c_str(), R_OK | W_OK) != 0) {
        return refusal(path,
                       "cannot be written by this user, or its disk is read-only; check its "
                       "owner and mode (ls -l)");
    }
    return base::Done{};
}

base::Status expect_database(const Address& address) {
    if (address.is_server()) return expect_tables(address);
    const auto& path = address.text();
    std::error_code ignored;
    const auto status = std::filesystem::status(path, ignored);
    const char* wrong = nullptr;
    if (!std::filesystem::exists(status)) {
        wrong = "there is no database";
    } else if (!std::filesystem::is_regular_file(status)) {
        wrong = "it is no file, and so no database";
    } else if (std::filesystem::file_size(path, ignored) == 0) {
        wrong = "the file is empty: central has not begun it yet";
    } else if (::access(path.c_str(), R_OK) == 0 && !is_database(path)) {
        wrong = "it is a file of another kind, not a database";
    }
    if (wrong == nullptr) return base::Done{};
    return base::Error{base::Fault::misconfigured,
                       fmt::format("{}: {}. Check [sink] path, and --config", path, wrong)};
}

}  // namespace sinks
