#include "central/jobs/kinds/folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <system_error>

#include "sqlite/copy.hpp"

namespace jobs {

namespace {

/// What SQLite puts beside a database that it writes.
constexpr const char* kJournal = "-journal";

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

}  // namespace

std::string stamp_of(base::EventTime time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const auto within = std::chrono::floor<std::chrono::seconds>(time - day).count();
    return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       within / 3'600, within / 60 % 60, within % 60);
}

base::Status make_folder(const std::string& path) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) return base::Done{};
    if (std::filesystem::create_directory(path, error)) return base::Done{};
    return base::Error{base::Fault::misconfigured,
                       fmt::format("{}: there is no such folder, and it cannot be made ({}); make "
                                   "it, and let the user of leat-central write into it",
                                   path, error ? error.message() : "something else is there")};
}

base::Result<std::vector<std::string>> stamped_files(const std::string& folder,
                                                     const std::string& before,
                                                     const std::string& after) {
    return names_in(folder, [&](std::string_view name) {
        return name.size() == before.size() + kStampBytes + after.size() &&
               name.starts_with(before) && name.ends_with(after) &&
               is_stamp(name.substr(before.size(), kStampBytes));
    });
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

WholeFile::WholeFile(std::string path) : path_(std::move(path)), partial_(path_ + ".part") {}

WholeFile::~WholeFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (partial_.empty()) return;
    std::error_code ignored;
    for (const auto* more : {"", kJournal}) std::filesystem::remove(partial_ + more, ignored);
}

base::Error WholeFile::failed(const char* doing) const {
    const int code = errno;
    return {code == ENOSPC || code == EDQUOT ? base::Fault::exhausted : base::Fault::transient,
            fmt::format("cannot {} {}: {}", doing, partial_, std::system_category().message(code))};
}

base::Status WholeFile::begin() {
    // What another user's run has left cannot be written, but removed.
    ::unlink(partial_.c_str());
    descriptor_ = ::open(partial_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (descriptor_ < 0) return failed("write");
    return base::Done{};
}

base::Status WholeFile::add(const std::string& text) {
    std::size_t written = 0;
    while (written < text.size()) {
        const auto some = ::write(descriptor_, text.data() + written, text.size() - written);
        if (some < 0 && errno == EINTR) continue;
        if (some < 0) return failed("write");
        written += static_cast<std::size_t>(some);
    }
    return base::Done{};
}

base::Status WholeFile::finish() {
    if (descriptor_ >= 0) {
        const bool is_synced = ::fsync(descriptor_) == 0;
        if (!is_synced) return failed("sync");
        ::close(std::exchange(descriptor_, -1));
    }
    if (auto renamed = sqlite::rename_file(partial_, path_); !renamed) return renamed;
    partial_.clear();
    return base::Done{};
}

}  // namespace jobs
