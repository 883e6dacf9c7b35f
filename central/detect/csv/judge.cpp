#include "central/detect/csv/judge.hpp"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "central/detect/contextual/detector.hpp"
#include "central/detect/contextual/sentence.hpp"
#include "central/detect/csv/layout.hpp"
#include "drivers/tables/cell.hpp"
#include "drivers/tables/csv.hpp"
#include "drivers/tables/encoding.hpp"
#include "drivers/tables/rows/row_names.hpp"

namespace detect::csv {

namespace {

constexpr double kOddScore = 0.5;

/// The rows of a table, one after another; a newline within quotes belongs to its field.
class Rows {
  public:
    explicit Rows(std::istream& table) : table_(table) {}

    /// False at the end. Malformed when a row is longer than rows may be, or never ends.
    base::Result<bool> next(std::string& row, char separator) {
        row.clear();
        while (read_line(row)) {
            if (row.size() > drivers::tables::kRowBytesMax) return trouble("is too long");
            if (!drivers::tables::row_length(row, separator)) continue;
            row = std::string{drivers::tables::without_newline(row)};
            if (!row.empty()) return true;
        }
        if (row.empty()) return false;
        return trouble("ends within quotes");
    }

  private:
    /// Appends a line with its newline, or as much of it as shows that it is too long. False at the
    /// end of the table.
    bool read_line(std::string& row) {
        using Traits = std::istream::traits_type;
        auto* const bytes = table_.rdbuf();
        if (Traits::eq_int_type(bytes->sgetc(), Traits::eof())) return false;
        ++line_;
        while (row.size() <= drivers::tables::kRowBytesMax) {
            const auto byte = bytes->sbumpc();
            const bool is_end = Traits::eq_int_type(byte, Traits::eof());
            row += is_end ? '\n' : Traits::to_char_type(byte);
            if (row.back() == '\n') break;
        }
        return true;
    }
    base::Error trouble(const char* what) const {
        return {base::Fault::malformed,
                fmt::format("the row that ends in line {} {}", line_, what)};
    }

    std::istream& table_;
    std::uint64_t line_ = 0;
};

/// RFC 4180: in quotes when it must be.
std::string csv_field(std::string_view field) {
    if (field.find_first_of(",\"\r\n") == std::string_view::npos) return std::string{field};
    std::string text = "\"";
    for (const char c : field) {
        if (c == '"') text += '"';
        text += c;
    }
    return text + '"';
}

/// Judges one row after another and writes what it finds.
class Judge {
  public:
    Judge(const Layout& layout, const Write& write) : layout_(layout), write_(write) {
        report_.time = layout.time_name;
        report_.value = layout.value_name;
        report_.time_format = layout.time_format;
    }

    base::Status accept(std::string_view row) {
        ++report_.rows;
        if (!drivers::tables::split_row(row, layout_.separator, fields_)) fields_.clear();
        const auto fields = fields_.size();
        fields_.resize(std::max(fields, layout_.fields));
        const auto& time = fields_[layout_.time];
        const auto& value = fields_[layout_.value];
        const auto at = layout_.times.read(base::trimmed(time));
        const auto cell = drivers::tables::read_cell(value, {});
        if (fields != layout_.fields) {
            return pass_over(fmt::format("{} fields instead of {}", fields, layout_.fields));
        }
        if (!at) return pass_over(fmt::format("\"{}\" is no time", time));
        if (cell.kind == drivers::tables::Cell::Kind::missing)
            return pass_over("there is no value");
        if (cell.kind == drivers::tables::Cell::Kind::bad) return pass_over(cell.why);
        if (before_ && *at < *before_) return pass_over("it is earlier than the row before");
        before_ = at;
        const auto seconds = std::chrono::floor<std::chrono::seconds>(*at).time_since_epoch();
        return note(detector_.judge(seconds.count(), cell.number));
    }

    const JudgeReport& report() const { return report_; }

  private:
    base::Status pass_over(const std::string& reason) {
        ++report_.unreadable;
        return put(0, false, reason);
    }
    base::Status note(const contextual::Verdict& verdict) {
        const bool is_odd = verdict.score >= kOddScore;
        if (is_odd) ++report_.odd;
        if (verdict.is_alert) ++report_.alerts;
        return put(verdict.score, verdict.is_alert,
                   is_odd ? contextual::sentence_of(verdict) : std::string{});
    }
    base::Status put(double score, bool is_alert, const std::string& reason) {
        return write_(fmt::format("{},{},{:.6g},{},{}\n", csv_field(fields_[layout_.time]),
                                  csv_field(fields_[layout_.value]), score, is_alert ? 1 : 0,
                                  csv_field(reason)));
    }

    const Layout& layout_;
    const Write& write_;
    contextual::Detector detector_;
    std::optional<base::EventTime> before_;
    std::vector<std::string> fields_;
    JudgeReport report_;
};

}  // namespace

base::Result<JudgeReport> judge_csv(std::istream& table, const JudgeOptions& options,
                                    const Write& write) {
    Rows rows{table};
    std::string header;
    std::string row;
    auto read = rows.next(header, ',');
    if (!read) return read.error();
    if (!read.value()) return base::Error{base::Fault::malformed, "the table is empty"};
    const auto trouble = drivers::tables::encoding_trouble(header);
    if (!trouble.empty()) return base::Error{base::Fault::malformed, trouble};
    header.erase(0, drivers::tables::byte_order_mark(header));
    const char separator = separator_of(header);
    std::vector<std::string> first_rows;
    while (first_rows.size() < drivers::tables::kFirstRowsMax) {
        read = rows.next(row, separator);
        if (!read) return read.error();
        if (!read.value()) break;
        first_rows.push_back(row);
    }
    if (first_rows.empty()) return base::Error{base::Fault::malformed, "there is no row of data"};
    const auto layout = find_layout(options, header, first_rows);
    if (!layout) return layout.error();
    Judge judge{layout.value(), write};
    if (auto written = write("timestamp,value,anomaly_score,alert,reason\n"); !written) {
        return written.error();
    }
    for (const auto& first : first_rows) {
        if (auto judged = judge.accept(first); !judged) return judged.error();
    }
    for (;;) {
        read = rows.next(row, separator);
        if (!read) return read.error();
        if (!read.value()) break;
        if (auto judged = judge.accept(row); !judged) return judged.error();
    }
    return judge.report();
}

}  // namespace detect::csv
