#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/settings.hpp"

namespace jobs {

/// The keys of a job: those of its table in the file, and in place of some what was said for one
/// run. Mistakes are collected in the settings, as everywhere.
class Keys {
  public:
    /// `said` are keys with their values as a person writes them after --set: text needs no quotes.
    /// Malformed when one is no key with a value.
    static base::Result<Keys> make(base::Settings file, const std::vector<std::string>& said);

    std::string text(const std::string& key, const std::string& fallback);
    std::string required_text(const std::string& key);
    std::int64_t integer(const std::string& key, std::int64_t fallback, std::int64_t least,
                         std::int64_t most);
    double number(const std::string& key, double fallback, double least, double most);
    bool boolean(const std::string& key, bool fallback);
    base::Duration duration(const std::string& key, base::Duration fallback, base::Duration least,
                            base::Duration most);
    std::vector<std::string> texts(const std::string& key, std::vector<std::string> fallback);
    /// The table itself, for who reads many keys of it at once. What was said for one run does not
    /// count there, and is refused.
    base::Settings& file() { return file_; }

    void refuse(const std::string& key, const std::string& reason);

    /// The job's name in the configuration; empty where the keys stand in no table of a job.
    std::string job() const;

    /// Done, or what is wrong with what was said; what is wrong in the file is the file's.
    base::Status check() const { return said_.check(); }

  private:
    Keys(base::Settings file, base::Settings said)
        : file_(std::move(file)), said_(std::move(said)) {}

    base::Settings file_;
    base::Settings said_;
};

/// How the names of a job's files begin, unless it says otherwise.
constexpr const char* kPrefix = "leat";

/// `prefix`: how the names of a job's files begin. Refused unless it can be part of one.
std::string read_prefix(Keys& keys);

}  // namespace jobs
