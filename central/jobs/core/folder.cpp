#include "central/jobs/core/folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace jobs {

namespace {

/// What SQLite puts beside a database that it writes.
constexpr const char* kJournal = "-journal";

/// As text::file_stamp() makes them.
constexpr std::size_t kStampBytes = 16;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// 16 characters like 20261129T020000Z.
bool is_stamp(std::string_view text) {
    if (text.size() != kStampBytes || text[8] != 'T' || text.back() != 'Z') return false;
    for (std::size_t i = 0; i + 1 < kStampBytes; ++i) {
        if (i != 8 && !is_digit(text[i])) return false;
    }
    return true;
}

template <class Predicate>
base::Result<std::vector<std::string>> names_in(const std::string& folder, Predicate is_like) {
    std::error_code error;
    std::vector<std::string> names;
    std::filesystem::directory_iterator entries{folder, error};
    for (; !error && entries != std::filesystem::directory_iterator{}; entries.increment(error)) {
        const auto name = entries->path().filename().string();
        if (is_like(std::string_view{name})) names.push_back(name);
    }
    if (error) return base::Error{base::Fault::transient, folder + ": " + error.message()};
    std::sort(names.begin(), names.end());
    return names;
}

base::Status remove_from(const std::string& folder, const std::string& name) {
    std::error_code error;
    std::filesystem::remove(std::filesystem::path{folder} / name, error);
    if (error) {
        return base::Error{base::Fault::transient, folder + "/" + name + ": " + error.message()};
    }
    return base::Done{};
}

/// Names in the folder that are `before`, a stamp, and `after`; the oldest first.
base::Result<std::vector<std::string>> stamped_files(const std::string& folder,
                                                     const std::string& before,
                                                     const std::string& after) {
    return names_in(folder, [&](std::string_view name) {
        return name.size() == before.size() + kStampBytes + after.size() &&
               name.starts_with(before) && name.ends_with(after) &&
               is_stamp(name.substr(before.size(), kStampBytes));
    });
}

}  // namespace

base::Status make_folder(const std::string& path) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) return base::Done{};
    if (std::filesystem::create_directory(path, error)) return base::Done{};
    return base::Error{base::Fault::misconfigured,
                       fmt::format("{}: there is no such folder, and it cannot be made ({}); make "
                                   "it, and let the user of leat-central write into it",
                                   path, error ? error.message() : "something else is there")};
}

base::Result<std::size_t> rotate(const std::string& folder, const std::string& before,
                                 const std::string& after, std::size_t keep,
                                 const std::string& made) {
    auto found = stamped_files(folder, before, after);
    if (!found) return found.error();
    auto others = std::move(found).value();
    std::erase(others, made);
    std::size_t removed = 0;
    for (; removed + keep < others.size() + 1; ++removed) {
        if (auto done = remove_from(folder, others[removed]); !done) return done.error();
    }
    return removed;
}

base::Status clear_partial(const std::string& folder, const std::string& before,
                           const std::string& after) {
    const auto end = after + ".part";
    const auto left = names_in(folder, [&](std::string_view name) {
        return name.size() > before.size() + end.size() && name.starts_with(before) &&
               (name.ends_with(end) || name.ends_with(end + kJournal)) &&
               is_digit(name[before.size()]);
    });
    if (!left) return left.error();
    for (const auto& name : left.value()) {
        if (auto done = remove_from(folder, name); !done) return done;
    }
    return base::Done{};
}

}  // namespace jobs
