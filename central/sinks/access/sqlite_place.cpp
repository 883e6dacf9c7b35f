#include "central/sinks/access/sqlite_place.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "sqlite/copy.hpp"

namespace sinks {

namespace {

namespace fs = std::filesystem;

constexpr int kAsideMax = 9;

bool is_there(const std::string& path) {
    std::error_code ignored;
    return fs::exists(fs::symlink_status(path, ignored));
}

base::Status remove(const std::string& path) {
    std::error_code failure;
    fs::remove(path, failure);
    if (!failure) return base::Done{};
    return base::Error{base::Fault::transient,
                       fmt::format("cannot remove {}: {}", path, failure.message())};
}

}  // namespace

Place::Place(const std::string& path)
    : path_(path), file_(path), log_(path + "-wal"), index_(path + "-shm") {}

bool Place::is_lost() const {
    return file_.is_lost() || log_.is_lost() || index_.is_lost();
}

base::Result<std::string> Place::put_back(sqlite::Database& database) const {
    const auto copy = path_ + ".rescued";
    if (auto removed = remove(copy); !removed) return removed.error();
    if (auto copied = sqlite::copy_database(database, copy); !copied) return copied.error();
    if (!file_.is_lost()) {
        if (auto completed = complete_file(database); !completed) return completed.error();
    }
    auto aside = file_.is_lost() ? put_aside() : std::string{};
    if (!aside) return aside;
    // A log beside a file that it does not belong to would ruin it.
    for (const auto* end : {"-wal", "-shm"}) {
        if (auto removed = remove(path_ + end); !removed) return removed.error();
    }
    if (auto renamed = sqlite::rename_file(copy, path_); !renamed) return renamed.error();
    return aside;
}

/// The file without its log must have all that is committed: the machine may stop between the two.
base::Status Place::complete_file(sqlite::Database& database) const {
    auto query = database.query("PRAGMA wal_checkpoint(FULL)");
    const auto row = query.next();
    if (!row) return row.error();
    const bool is_complete =
        row.value() && query.integer(0) == 0 && query.integer(1) == query.integer(2);
    if (auto ended = query.run(); !ended) return ended;
    if (is_complete) return base::Done{};
    return base::Error{base::Fault::transient,
                       path_ + ": its log is in use and cannot be written back yet"};
}

/// A log belongs to its file and goes with it.
base::Result<std::string> Place::put_aside() const {
    if (!is_there(path_)) return std::string{};
    for (int number = 1; number <= kAsideMax; ++number) {
        auto aside = fmt::format("{}.found-{}", path_, number);
        if (is_there(aside)) continue;
        if (is_there(path_ + "-wal")) {
            auto renamed = sqlite::rename_file(path_ + "-wal", aside + "-wal");
            if (!renamed) return renamed.error();
        }
        if (auto renamed = sqlite::rename_file(path_, aside); !renamed) return renamed.error();
        return aside;
    }
    return base::Error{base::Fault::transient,
                       fmt::format("{} is not the database in use, and there are {} files "
                                   "{}.found-… already; remove some",
                                   path_, kAsideMax, path_)};
}

}  // namespace sinks
