#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace dimensions::csv {

/// The columns of a table, by name.
class Columns {
  public:
    /// Malformed, with what to write, when a name is not known, stands twice, or is missing.
    static base::Result<Columns> parse(std::string_view header);

    /// The separator of a header: the most frequent of comma, semicolon and tab; a comma in a tie.
    static char separator_of(std::string_view header);

    std::size_t size() const { return names_.size(); }
    bool has(std::string_view name) const;

    /// Whether it says what tags mean, and not where series are.
    bool are_of_tags() const { return has("tag"); }

    /// The text of a row in the column, without blanks around it; empty when there is no such
    /// column.
    std::string_view text(const std::vector<std::string>& fields, std::string_view name) const;

  private:
    explicit Columns(std::vector<std::string> names) : names_(std::move(names)) {}

    std::vector<std::string> names_;
};

}  // namespace dimensions::csv
