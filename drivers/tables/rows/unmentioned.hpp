#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/tables/table_options.hpp"

namespace drivers::tables {

/// Watches the columns that no rule names: numbers that are not measured, and texts that may say
/// whose reading a row is. Tells each once, and never changes what is read.
class Unmentioned {
  public:
    /// The options must outlive it.
    explicit Unmentioned(const TableOptions& options) : options_(options) {}

    /// The columns of a file, by their names or numbers; what was told of one is not told again.
    void begin(const std::vector<std::string>& names);

    /// The next row: a text for each column; further ones are left alone.
    void observe(const std::vector<std::string>& fields);

    /// The same of one column, by its name.
    void observe(std::string_view name, std::string_view text);

    /// The same of a row that has none of the values: only its numbers are told.
    void observe_other(std::string_view name, std::string_view text);

    std::vector<std::string> take_notes();

  private:
    enum class Kind { unknown, identity, settled };

    struct Column {
        std::string name;
        Kind kind = Kind::unknown;
        std::string first;    // The text of an identity's first row,
        std::string other;    // one that differs,
        std::string last;     // and that of the row before.
        bool recurs = false;  // A text came a second time: rows belong to it.
    };

    void add(std::string_view name);
    void observe(Column& column, std::string_view text);
    void classify(Column& column, std::string_view text);
    void watch(Column& column, std::string_view text);
    bool is_zone(Column& column, std::string_view text);
    void tell_identities(std::vector<std::string>& notes);

    const TableOptions& options_;
    std::vector<Column> columns_;
    std::vector<std::string> told_;        // Names of columns of which something was told.
    std::vector<std::string> numbers_;     // Names of columns of numbers, not told yet.
    std::vector<std::string> identities_;  // Names of those that recur, not told yet,
    std::vector<std::string> examples_;    // and what they said.
    std::vector<std::string> notes_;
};

}  // namespace drivers::tables
