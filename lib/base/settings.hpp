#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "advice/words.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

namespace base {

/// One table of a TOML configuration file. Each getter names a key that is allowed and its default,
/// and collects what is wrong with the value. check() then reports everything at once: wrong types,
/// values out of range, and keys that nobody asked for, with the nearest key that exists. Every
/// error has its file:line, says what is wrong, and shows what to write. Text values may hold
/// ${VAR}, ${VAR:-default} and ${VAR:?message}. A table may be opened any number of times: it stays
/// the same one.
class Settings {
  public:
    static Result<Settings> load(const std::string& path);
    static Result<Settings> parse(std::string_view text, const std::string& name);

    std::string text(const std::string& key, const std::string& fallback);
    /// A missing key is an error.
    std::string required_text(const std::string& key);
    std::optional<std::string> optional_text(const std::string& key);
    bool boolean(const std::string& key, bool fallback);
    std::optional<bool> optional_boolean(const std::string& key);
    std::int64_t integer(const std::string& key, std::int64_t fallback, std::int64_t least,
                         std::int64_t most);
    double number(const std::string& key, double fallback, double least, double most);
    std::optional<double> optional_number(const std::string& key, double least, double most);
    /// "250ms", "2s", "5m", "1h", "7d".
    Duration duration(const std::string& key, Duration fallback, Duration least, Duration most);
    /// "512B", "64KiB", "64MiB", "2GiB".
    std::uint64_t bytes(const std::string& key, std::uint64_t fallback, std::uint64_t least,
                        std::uint64_t most);
    /// One of the words; anything else is an error that names the nearest.
    std::string choice(const std::string& key, const std::string& fallback,
                       const std::vector<std::string>& words);
    std::vector<std::string> texts(const std::string& key, std::vector<std::string> fallback = {});
    /// One text or number, or a list of them, each as text; empty when the key is missing.
    std::vector<std::string> words(const std::string& key);

    /// The sub-table [key]; empty if the file has none.
    Settings table(const std::string& key);
    /// The sub-tables [[key]], in file order.
    std::vector<Settings> tables(const std::string& key);
    /// Every key of this table with its text value, for mappings whose keys the user chooses, such
    /// as columns. All the keys count as asked for.
    std::vector<std::pair<std::string, std::string>> pairs();
    /// The keys present in this table, in file order.
    std::vector<std::string> keys() const;
    bool has(const std::string& key) const;
    /// Whether a key is there and has a table for its value.
    bool is_table(const std::string& key) const;
    /// Whether the value is a whole number, without quotes.
    bool is_whole(const std::string& key) const;
    /// A text or whole number as it stands in the file, for messages; empty if there is none. Does
    /// not count the key as asked for, and does not check it.
    std::string written(const std::string& key) const;

    /// "broker.address": what messages call a key of this table.
    std::string full_name(const std::string& key) const;

    /// Adds an error that the caller found in a key, with its place in the file. The reason names
    /// the key.
    void refuse(const std::string& key, const std::string& reason);

    /// What to write instead of a key that people expect here, but that is none: "password".
    void advise(const std::string& key, const std::string& advice);

    /// file:line of this table or of one of its keys.
    std::string place(const std::string& key = {}) const;

    /// Done, or every error found so far in the whole file, one a line.
    Status check() const;

    struct Node;

  private:
    explicit Settings(std::shared_ptr<Node> node) : node_(std::move(node)) {}

    std::optional<std::string> measure(const std::string& key, std::string_view units);

    std::shared_ptr<Node> node_;
};

using advice::nearest_word;

/// "250ms", "2s" or "1h": the largest unit that keeps it whole.
std::string duration_text(Duration duration);
/// "512B", "64MiB".
std::string bytes_text(std::uint64_t bytes);

/// Expands ${VAR}, ${VAR:-default} and ${VAR:?message} from the environment.
Result<std::string> expand_variables(std::string_view text);

/// "250ms" → 250 ms; see Settings::duration.
Result<Duration> parse_duration(std::string_view text);
/// "64MiB" → 67108864; see Settings::bytes.
Result<std::uint64_t> parse_bytes(std::string_view text);

/// The first line of a password file: editors like to end a file with a newline, which is not part
/// of the password. Misconfigured if there is none.
Result<std::string> read_password(const std::string& path);

}  // namespace base
