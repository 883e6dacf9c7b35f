#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/tables/rows/table_reader.hpp"
#include "drivers/tables/rows/unit_columns.hpp"
#include "drivers/tail/options.hpp"

namespace drivers::tail {

/// Decodes lines one by one, whatever their format. A line of JSON is an object; a key that begins
/// with "/" is a pointer into it (RFC 6901).
class LineDecoder {
  public:
    using Outcome = tables::TableReader::Outcome;

    /// The options must outlive it.
    explicit LineDecoder(const Options& options);
    ~LineDecoder();

    /// The header of a CSV file, as TableReader::begin().
    void begin(const tables::Header& header, bool is_beginning) {
        table_.begin(header, is_beginning);
    }

    /// Decodes a line without its newline.
    Outcome read(std::string_view line, tables::DecodedRow& row);

    const std::vector<Quantity>& quantities() const;
    tables::RowTimes& times();

    /// Lines that were passed over.
    std::uint64_t passed_over() const { return table_.passed_over(); }

    /// What a person should know, each once.
    std::vector<std::string> take_notes();

  private:
    struct Parts;  // Of the current line, in its format.

    bool load(std::string_view line, tables::DecodedRow& row);
    std::optional<std::string> text_of(const std::string& key) const;
    std::optional<std::string> text_in_json(const std::string& key) const;
    void read_units();
    void observe_others(bool is_other_row);

    const Options& options_;
    tables::TableReader table_;  // Of CSV;
    tables::UnitColumns unit_columns_;
    tables::RowDecoder decoder_;  // of the other formats.
    tables::Unmentioned unmentioned_;
    std::unique_ptr<Parts> parts_;
};

}  // namespace drivers::tail
