#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "base/result.hpp"
#include "delivery/records/flush.hpp"
#include "drivers/replay/position.hpp"

namespace imports {

/// What was read of a part.
struct Taken {
    std::string name;  // Of its file.
    bool is_whole = false;
    drivers::replay::Position position{};
};

/// What of which content was read, whatever the names of the files: stands in the outbox, and is
/// committed together with the readings. Remembers kTakenMax: the newest, and those that it is told
/// to keep.
class Book {
  public:
    static constexpr std::uint64_t kTakenMax = 4'096;

    using Load = std::function<std::optional<std::string>(const std::string& key)>;
    /// Misconfigured when something else stands there.
    static base::Result<Book> load(const Load& load);

    bool is_empty() const { return entries_.empty(); }

    /// Where it notes a content.
    using Place = std::size_t;

    /// The contents with which the file begins, and which are in its first `bytes`, the longest
    /// first. A header alone is none. Transient when the file cannot be read.
    base::Result<std::vector<Place>> find(const std::string& path, std::uint64_t bytes) const;
    const Taken& at(Place place) const { return entries_.at(place).taken; }

    /// A file of that name was read in part, and not to its end.
    bool has_begun(const std::string& name) const;

    /// No file goes on under that name: what was read under it stays known as a content.
    void end(const std::string& name);

    /// From now on the place is not given to another content.
    void keep(Place place) { entries_.at(place).is_kept = true; }
    /// So is the newest place of each name. `names` are in order.
    void keep_newest(const std::vector<std::string>& names);

    /// A place for a content that is begun, and keeps it. When there are too many the oldest is
    /// forgotten that is not kept. Exhausted, with what to do, when all are kept.
    base::Result<Place> begin(Taken taken);
    void note(Place place, Taken taken);

    /// Adds what was noted since the last call to what is committed.
    void add_to(delivery::Flush& flush);

  private:
    struct Entry {
        Taken taken{};
        std::uint64_t number = 0;  // It was begun as the how-manieth, from 0.
        bool is_kept = false;
    };
    using Content = std::tuple<std::uint64_t, std::uint64_t, Place>;  // Length, hash.
    static Content content_of(const Taken& taken, Place place);
    static base::Result<Entry> parse(const std::string& text);
    static std::string to_text(const Entry& entry);

    std::vector<Entry> entries_;
    std::set<Content> contents_;  // Of the entries.
    std::uint64_t begun_ = 0;     // How many were begun, ever.
    std::set<Place> changed_{};   // Since the last add_to().
};

}  // namespace imports
