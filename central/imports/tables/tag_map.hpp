#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/settings.hpp"
#include "drivers/core/units.hpp"

namespace imports::tables {

/// Which series a tag is.
struct TagSeries {
    std::string name;        // "line1.temperature"
    std::string quantity;    // "temperature"
    std::string unit;        // SenML.
    drivers::Scale scale{};  // From what the other database has.

    friend bool operator==(const TagSeries&, const TagSeries&) = default;
};

/// Which tags are which series: each by its path, or many by a rule. Pure.
class TagMap {
  public:
    /// Reads a table of `"path" = "sensor.quantity:unit"`. In a rule the path has words in braces,
    /// each for one level, and stars, each for anything: `"*/{sensor}/{quantity}" =
    /// "{sensor}.{quantity}"`. What is wrong is left in the settings.
    static TagMap read(base::Settings& settings);

    /// Its own line, else the first rule that fits; nothing when there is none. Misconfigured when
    /// what a rule makes of the path is no series.
    base::Result<std::optional<TagSeries>> find(const std::string& path) const;

    /// The paths that have a line of their own.
    std::vector<std::string> paths() const;

    /// Its lines, as a text that is the same for the same lines.
    const std::string& text() const { return text_; }

  private:
    struct Rule {
        std::string path;
        std::string series;
    };

    std::map<std::string, TagSeries> series_;
    std::vector<Rule> rules_;
    std::string text_;
};

}  // namespace imports::tables
