#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "central/imports/tables/source.hpp"
#include "odbc/connection.hpp"

namespace imports::tables {

/// A tag of the other database.
struct Tag {
    std::string id;                       // What stands in the rows, as text.
    std::string path;                     // Its name for people.
    std::optional<std::size_t> series{};  // None: it is mapped nowhere.
};

/// The tags that are known, and the series that they are. Several tags may have one path, as where
/// one was made anew, and are one series then.
class Tags {
  public:
    static constexpr std::size_t kTagsMax = 200'000;

    explicit Tags(const Source& source) : source_(source) {}

    /// Reads the table of tags, if there is one. Misconfigured when two paths would be one series,
    /// or none is mapped.
    base::Status load(odbc::Connection& connection);

    /// The tag of that id, which may be new. Misconfigured as load(); exhausted when there are too
    /// many.
    base::Result<std::uint32_t> find(const std::string& id);

    const Tag& at(std::uint32_t tag) const { return tags_.at(tag); }
    const std::vector<TagSeries>& series() const { return series_; }

    /// Paths with a line of their own that no tag has, where a table says which there are.
    const std::vector<std::string>& strange() const { return strange_; }

    /// The same for the same mapping of the same tags: what was read by another one may lack some.
    std::uint64_t selection() const;

  private:
    base::Status add(std::string id, std::string path);
    base::Error none_mapped() const;
    void look_for_strange();

    const Source& source_;
    std::vector<Tag> tags_;
    std::unordered_map<std::string, std::uint32_t> by_id_;
    std::vector<TagSeries> series_;
    std::vector<std::string> strange_;
    std::map<std::string, std::pair<std::size_t, std::string>> by_name_;  // And its path.
};

}  // namespace imports::tables
