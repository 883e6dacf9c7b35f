#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "drivers/tables/columns.hpp"
#include "drivers/tail/options.hpp"

namespace drivers::tail {

/// What one line contains.
struct DecodedLine {
    struct Value {
        std::size_t quantity = 0;  // Index into Options::columns.
        double value = 0;
    };

    std::optional<base::EventTime> time;  // None without a time column.
    std::vector<Value> values;
    std::vector<std::string> bad_cells;  // A reason for each cell that is not a finite number.
    bool is_other = false;               // It has none of the columns: a line about something else.
};

/// Decodes lines one by one, with no state between them but the columns of a CSV file. A line of
/// JSON is an object; a key that begins with "/" is a pointer into it (RFC 6901).
class LineDecoder {
  public:
    /// The options must outlive it.
    explicit LineDecoder(const Options& options);
    ~LineDecoder();

    /// Sets the columns of a CSV file; not needed for a file without a header.
    void set_columns(tables::Columns columns) { columns_ = std::move(columns); }

    /// Decodes a line without its newline. Malformed when its shape or its time is wrong: then none
    /// of it can be used.
    base::Status decode(std::string_view line, DecodedLine& decoded);

  private:
    struct Parts;  // Of the current line, in its format.

    base::Status load(std::string_view line);
    std::optional<std::string> text_of(const std::string& key, std::size_t field) const;
    std::optional<std::string> text_in_json(const std::string& key) const;
    void add_cell(std::size_t quantity, const std::string& text, DecodedLine& decoded) const;
    base::Status read_time(DecodedLine& decoded) const;

    const Options& options_;
    tables::Columns columns_;
    std::unique_ptr<Parts> parts_;
};

}  // namespace drivers::tail
