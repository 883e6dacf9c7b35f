#include "sqlite/copy.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "sqlite/place.hpp"

namespace sqlite {

namespace {

using base::Done;
using base::Error;
using base::Fault;

bool sync(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool is_synced = file >= 0 && ::fsync(file) == 0;
    if (file >= 0) ::close(file);
    return is_synced;
}

std::string folder_of(const std::string& path) {
    const auto folder = std::filesystem::path{path}.parent_path();
    return folder.empty() ? "." : folder.string();
}

Error failed(const std::string& doing, const std::string& path) {
    return {Fault::transient,
            fmt::format("{} {}: {}", doing, path, std::generic_category().message(errno))};
}

}  // namespace

base::Status copy_database(Database& database, const std::string& path) {
    make_private(path);
    auto copied = database.query("VACUUM INTO ?").bind(std::string_view{path}).run();
    if (!copied) return copied;
    // What SQLite syncs by itself differs between its versions.
    if (!sync(path)) return failed("cannot sync", path);
    return Done{};
}

base::Status rename_file(const std::string& from, const std::string& to) {
    if (std::rename(from.c_str(), to.c_str()) != 0) return failed("cannot replace", to);
    if (!sync(folder_of(to))) return failed("cannot sync", folder_of(to));
    return Done{};
}

}  // namespace sqlite
