#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "drivers/tables/table_options.hpp"

namespace drivers::tables {

/// Whether a column or key that no rule names says in which unit values of its row are: "unit",
/// "uom", "scale"; "temp_unit" where a column is a temperature. A key in an object counts for what
/// is in it: "/air/unit".
bool is_unit_name(const TableOptions& options, std::string_view name);

/// What the columns or keys of units say of one row after another.
class UnitColumns {
  public:
    /// The options must outlive it.
    explicit UnitColumns(const TableOptions& options);

    /// The next row.
    void clear();

    /// A column or key of the row, whatever it is.
    void observe(std::string_view name, std::string_view text);

    /// In which unit the value of each column is in this row; empty: nothing says it. A unit of all
    /// columns counts for those that it can be of.
    const std::vector<std::string>& units() const { return units_; }

    /// What a person should know, each once.
    std::vector<std::string> take_notes() { return std::exchange(notes_, {}); }

  private:
    struct Owned {
        std::size_t column = 0;
        int rank = 0;  // The higher counts.
    };

    const std::vector<Owned>& owned_by(std::string_view name);

    const TableOptions& options_;
    std::map<std::string, std::vector<Owned>, std::less<>> known_;  // By the name of a unit column.
    std::vector<std::string> units_;
    std::vector<int> ranks_;  // Of what is in units_.
    bool is_told_ = false;
    std::vector<std::string> notes_;

    friend bool is_unit_name(const TableOptions& options, std::string_view name);
    static std::vector<Owned> owned_by(const TableOptions& options, std::string_view name);
};

}  // namespace drivers::tables
