#pragma once

#include <bitset>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "central/imports/tables/row.hpp"
#include "delivery/records/flush.hpp"

namespace imports::tables {

constexpr std::size_t kHoursADay = 24;

/// Which rows of which table were taken: stands in the outbox, and is committed together with what
/// was made of them. Times are those that are written.
///
/// An hour is open until finish() closes it: of its rows each is remembered, by tag and time, with
/// a mark of what it held. Of one that is closed only the number of its rows stays, in one number a
/// day for each tag. What is remembered of a tag outlives its mapping, and its table.
class Memory {
  public:
    /// Of the rows of open hours, as text. Beyond it hours should be closed as soon as they are
    /// over.
    static constexpr std::uint64_t kRowBytesMax = std::uint64_t{48} << 20U;
    /// Of everything: add_to() refuses more.
    static constexpr std::uint64_t kBytesMax = std::uint64_t{96} << 20U;

    using Load = std::function<std::optional<std::string>(const std::string& key)>;
    /// Misconfigured when something else stands there.
    static base::Result<Memory> load(Load load);

    bool is_empty() const { return is_empty_; }  // Nothing was ever taken.
    bool is_full() const { return row_bytes_ > kRowBytesMax; }

    /// Up to when a table was last looked through, by which selection of tags.
    struct Through {
        base::EventTime end{};
        std::uint64_t selection = 0;
    };
    base::Result<std::optional<Through>> through(const std::string& table) const;
    void set_through(const std::string& table, const Through& through);

    /// What is known of a tag on a day.
    struct Day {
        std::bitset<kHoursADay> closed;
        std::uint64_t rows = 0;  // In the hours that are closed, when they were.
    };
    using Days = std::map<std::string, Day>;  // By the tags' ids.
    base::Result<Days> day(const std::string& table, base::EventTime at);

    enum class Verdict {
        fresh,
        known,
        conflict,  // Another one was taken of that tag and time.
        closed,    // Its hour is.
    };
    /// Whether a row counts that was read; from now on it is known. `id` is that of its tag. One
    /// whose time cannot be read is always fresh, and never known.
    base::Result<Verdict> accept(const std::string& table, const std::string& id, const Row& row);

    /// The hour was read to its end, of these tags. With `closes` it is closed from now on, also
    /// for other tags of which rows are known in it.
    base::Status finish(const std::string& table, base::EventTime hour,
                        const std::vector<std::string>& ids, bool closes);

    /// Adds what has changed since the last call to what is committed. Exhausted, with what to do,
    /// when it would become too much.
    base::Status add_to(delivery::Flush& flush);

  private:
    using Key = std::pair<std::string, std::int64_t>;  // A table, and the number of an hour or day.
    using Marks = std::unordered_map<std::uint32_t, std::uint32_t>;  // By ms since the hour began.
    struct Hour {
        std::map<std::string, Marks> known{};
        std::map<std::string, std::vector<std::pair<std::uint32_t, std::uint32_t>>> fresh{};
        std::map<std::string, std::uint64_t> seen{};  // Rows of this run.
        std::vector<std::uint64_t> chunks{};          // Their bytes.
        bool is_finished = false;
        bool is_closed = false;
    };
    struct NotedDays {
        Days days{};
        std::uint64_t bytes = 0;
        bool is_changed = false;
    };

    explicit Memory(Load load) : load_(std::move(load)) {}

    base::Result<NotedDays*> days_at(const Key& key);
    base::Result<Hour*> hour_at(const Key& key);
    base::Status close(const Key& key, Hour& hour, const std::vector<std::string>& ids);
    base::Status read_chunk(const std::string& text, Hour& hour) const;
    void add_hour(const Key& key, Hour& hour, delivery::Flush& flush);
    void add_days(const Key& key, NotedDays& noted, delivery::Flush& flush);

    Load load_;
    bool is_empty_ = true;
    std::uint64_t row_bytes_ = 0;
    std::uint64_t day_bytes_ = 0;
    std::map<Key, NotedDays> days_;
    std::map<Key, Hour> hours_;
    std::map<std::string, Through> throughs_;  // Since the last commit.
};

}  // namespace imports::tables
