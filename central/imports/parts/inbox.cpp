#include "central/imports/parts/inbox.hpp"

#include <fmt/format.h>
#include <fnmatch.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>

#include "disk/files.hpp"

namespace imports {

namespace {

namespace fs = std::filesystem;

constexpr const char* kDone = "done";
constexpr const char* kRefused = "refused";
constexpr const char* kReason = ".reason.txt";

/// What programs call a file while they write it.
constexpr std::array<std::string_view, 5> kUnfinished{".part", ".tmp", ".filepart", ".crdownload",
                                                      ".partial"};

base::Error failed(const std::string& path, int code) {
    return {base::Fault::misconfigured, path + ": " + std::system_category().message(code) +
                                            "; let the user of leat-central read and write there"};
}

/// The name that it will have; its own when nothing says that it is still written.
std::string finished_name(const std::string& name) {
    for (const auto end : kUnfinished) {
        if (name.ends_with(end)) return name.substr(0, name.size() - end.size());
    }
    return name;
}

base::Status make(const std::string& folder, const std::string& in) {
    if (::mkdir(folder.c_str(), 0770) == 0) {
        disk::share_owner(folder, in);
        return base::Done{};
    }
    const int code = errno;
    std::error_code error;
    if (code == EEXIST && fs::is_directory(folder, error)) return base::Done{};
    return failed(folder, code);
}

/// "a.csv", or when that is taken "a.2.csv" and so on.
base::Result<std::string> free_path(const fs::path& folder, const std::string& name) {
    const fs::path wanted{name};
    for (int number = 2;; ++number) {
        const auto plain = number == 2;
        const auto tried = folder / (plain ? name
                                           : fmt::format("{}.{}{}", wanted.stem().string(),
                                                         number - 1, wanted.extension().string()));
        const auto there = disk::is_there(tried.string());
        if (!there) return there.error();
        if (!there.value()) return tried.string();
    }
}

}  // namespace

std::string Inbox::folder(const char* which) const {
    return (fs::path{options_.folder} / which).string();
}

std::string Inbox::path(const std::string& name) const {
    return (fs::path{options_.folder} / name).string();
}

base::Status Inbox::prepare() const {
    std::error_code error;
    if (!fs::is_directory(options_.folder, error)) {
        return base::Error{base::Fault::misconfigured,
                           options_.folder +
                               ": there is no such folder; make it, and let the user of "
                               "leat-central read and write there"};
    }
    if (auto made = make(folder(kDone), options_.folder); !made) return made;
    return make(folder(kRefused), options_.folder);
}

bool Inbox::is_match(const std::string& name) const {
    return std::any_of(options_.match.begin(), options_.match.end(), [&](const auto& pattern) {
        return ::fnmatch(pattern.c_str(), name.c_str(), FNM_CASEFOLD) == 0;
    });
}

std::optional<Found> Inbox::find(const std::string& name) const {
    struct stat there {};
    if (::stat(path(name).c_str(), &there) != 0 || !S_ISREG(there.st_mode)) return std::nullopt;
    return Found{.name = name,
                 .bytes = static_cast<std::uint64_t>(there.st_size),
                 .changed_ms = std::int64_t{there.st_mtim.tv_sec} * 1'000 +
                               there.st_mtim.tv_nsec / 1'000'000};
}

base::Result<Inbox::Look> Inbox::look(base::EventTime now) const {
    Look look;
    std::error_code error;
    fs::directory_iterator entries{options_.folder, error};
    for (; !error && entries != fs::directory_iterator{}; entries.increment(error)) {
        const auto name = entries->path().filename().string();
        const auto finished = finished_name(name);
        if (name.starts_with('.') || !is_match(finished)) continue;
        const auto found = find(name);
        if (!found) continue;
        look.names.push_back(name);
        // The clock of who wrote it may be ahead of ours.
        const auto age = std::chrono::abs(now - base::from_milliseconds(found->changed_ms));
        if (name != finished || age < options_.settle) {
            look.unsettled.push_back(name);
        } else {
            look.ready.push_back(*found);
        }
    }
    if (error) return failed(options_.folder, error.value());
    std::sort(look.names.begin(), look.names.end());
    std::sort(look.unsettled.begin(), look.unsettled.end());
    std::sort(look.ready.begin(), look.ready.end(),
              [](const Found& a, const Found& b) { return a.name < b.name; });
    look.has_more = look.ready.size() > kPartsMax;
    if (look.has_more) look.ready.resize(kPartsMax);
    return look;
}

base::Status Inbox::move_to_done(const std::string& name) const {
    const auto to = free_path(folder(kDone), name);
    if (!to) return to.error();
    return disk::DurableFiles{}.rename(path(name), to.value());
}

base::Status Inbox::refuse(const std::string& name, const std::string& reason) const {
    const auto to = free_path(folder(kRefused), name);
    if (!to) return to.error();
    disk::DurableFiles disk;
    if (auto told = disk.write(to.value() + kReason, reason + "\n", path(name)); !told) return told;
    return disk.rename(path(name), to.value());
}

base::Result<bool> has_last_newline(const std::string& path, std::uint64_t bytes) {
    std::ifstream file{path, std::ios::binary};
    const base::Error unreadable{base::Fault::transient, path + " cannot be read"};
    if (!file) return unreadable;
    if (bytes == 0) return true;
    file.seekg(static_cast<std::streamoff>(bytes - 1));
    const auto last = file.get();
    if (!file) return unreadable;
    return last == '\n';
}

}  // namespace imports
