#include "central/dimensions/csv/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/utf8.hpp"
#include "central/dimensions/csv/columns.hpp"
#include "drivers/tables/csv.hpp"
#include "drivers/tables/encoding.hpp"
#include "drivers/tables/time_format.hpp"
#include "wire/identity.hpp"
#include "wire/limits.hpp"

namespace dimensions::csv {

namespace {

using base::EventTime;

constexpr std::size_t kMistakesMax = 20;
constexpr std::size_t kShownMax = 60;

/// When something holds, and the line that says so.
struct Validity {
    EventTime from;
    std::optional<EventTime> to;
    std::size_t line = 0;
};

std::string in_quotes(std::string_view text) {
    return "\"" + base::printable(text, kShownMax) + "\"";
}

/// A day begins at midnight UTC.
std::optional<EventTime> read_time(std::string_view text) {
    static const auto kTimes = drivers::tables::TimeFormat::parse("rfc3339").value();
    static const auto kDays = drivers::tables::TimeFormat::parse("%Y-%m-%d").value();
    if (const auto day = kDays.read(text)) return day;
    const auto written = kTimes.read_written(text);
    return written && written->has_zone ? std::optional{written->at} : std::nullopt;
}

/// Reads row after row, and remembers every mistake.
class Reader {
  public:
    explicit Reader(Columns columns) : columns_(std::move(columns)) {}

    void accept(std::string_view row, char separator, std::size_t line) {
        line_ = line;
        about_.reset();
        if (!drivers::tables::split_row(row, separator, fields_)) {
            return refuse("the quotes are wrong");
        }
        if (fields_.size() != columns_.size()) {
            return refuse(fmt::format("{} fields instead of {}", fields_.size(), columns_.size()));
        }
        about_ = text(columns_.are_of_tags() ? "tag" : "node");
        for (auto& field : fields_) field = drivers::tables::utf8_of(field);
        if (columns_.are_of_tags()) return accept_meaning();
        accept_statement();
    }

    base::Result<Table> finish() {
        find_overlaps();
        if (mistakes_ == 0) return std::move(table_);
        return base::Error{base::Fault::malformed, mistakes_text()};
    }

    base::Result<GoodPart> finish_good_part() {
        find_overlaps();
        if (is_unknown_wrong_) return base::Error{base::Fault::malformed, mistakes_text()};
        std::erase_if(table_.statements,
                      [&](const auto& row) { return wrong_.contains(row.node); });
        std::erase_if(table_.meanings, [&](const auto& row) { return wrong_.contains(row.tag); });
        return GoodPart{
            .table = std::move(table_), .mistakes = mistakes_text(), .left_out = wrong_.size()};
    }

    void refuse(const std::string& reason) {
        if (about_) wrong_.insert(*about_);
        is_unknown_wrong_ = is_unknown_wrong_ || !about_;
        if (++mistakes_ > kMistakesMax) return;
        detail_ += fmt::format("{}line {}: {}", detail_.empty() ? "" : "\n", line_, reason);
    }

  private:
    std::string_view text(std::string_view column) const { return columns_.text(fields_, column); }

    void find_overlaps() {
        for (auto& [what, all] : validities_) {
            about_ = what.first;
            check_overlaps(all);
        }
    }

    std::string mistakes_text() const {
        if (mistakes_ <= kMistakesMax) return detail_;
        return detail_ + fmt::format("\nand {} more", mistakes_ - kMistakesMax);
    }

    void accept_statement() {
        Statement statement{.node = std::string{text("node")},
                            .series = std::string{text("series")},
                            .is_imported = true,
                            .from = {}};
        if (!wire::is_node_name(statement.node)) {
            about_.reset();  // Of another node, misspelt.
            refuse(in_quotes(statement.node) + " is no name of a node");
        }
        if (!statement.series.empty() && !wire::is_series_name(statement.series)) {
            refuse(in_quotes(statement.series) + " is no series: sensor.quantity");
        }
        read_location(statement);
        read_tags(statement);
        const auto validity = read_validity({statement.node, statement.series});
        statement.from = validity.from;
        statement.to = validity.to;
        table_.statements.push_back(std::move(statement));
    }

    void read_location(Statement& statement) {
        if (!columns_.has("location")) return;
        statement.location = text("location");
        if (statement.location->empty() || wire::is_location(*statement.location)) return;
        refuse(in_quotes(*statement.location) + " is no location: a path like /house/attic");
    }

    void read_tags(Statement& statement) {
        if (!columns_.has("tags")) return;
        auto& tags = statement.tags.emplace();
        for (auto rest = text("tags"); !rest.empty();) {
            const auto end = std::min(rest.find(' '), rest.size());
            if (end > 0) tags.emplace_back(rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        std::sort(tags.begin(), tags.end());
        if (wire::are_tags(tags)) return;
        refuse(
            fmt::format("{} are no tags: at most {}, each once, with a space between, of "
                        "letters, digits and _ . : = -",
                        in_quotes(text("tags")), wire::kTagsMax));
    }

    void accept_meaning() {
        TagMeaning meaning{.tag = std::string{text("tag")},
                           .path = read_words("path"),
                           .description = read_words("description"),
                           .integrity = read_words("integrity"),
                           .from = {}};
        if (!wire::is_tag(meaning.tag)) {
            about_.reset();
            refuse(in_quotes(meaning.tag) + " is no tag: letters, digits and _ . : = -");
        }
        const auto validity = read_validity({meaning.tag, {}});
        meaning.from = validity.from;
        meaning.to = validity.to;
        table_.meanings.push_back(std::move(meaning));
    }

    /// Words for people: nothing that could disturb a screen.
    std::string read_words(const char* column) {
        const std::string words{text(column)};
        if (words.size() > wire::kTextBytesMax) {
            refuse(fmt::format("{} has more than {} bytes", column, wire::kTextBytesMax));
        } else if (base::printable(words) != words) {
            refuse(
                fmt::format("{} {} has characters that cannot be shown", column, in_quotes(words)));
        }
        return words;
    }

    Validity read_validity(const std::pair<std::string, std::string>& of) {
        Validity validity{.from = read_time_of("valid_from").value_or(EventTime{}),
                          .to = read_time_of("valid_to"),
                          .line = line_};
        if (validity.to && *validity.to <= validity.from) {
            refuse("valid_to is not after valid_from");
        }
        validities_[of].push_back(validity);
        return validity;
    }

    std::optional<EventTime> read_time_of(const char* column) {
        const auto written = text(column);
        if (written.empty()) return std::nullopt;
        const auto time = read_time(written);
        if (!time) {
            refuse(
                fmt::format("{} {} is neither a day (2026-01-31, from midnight UTC) nor a time "
                            "with its offset (2026-01-31T08:00:00+01:00)",
                            column, in_quotes(written)));
        }
        return time;
    }

    void check_overlaps(std::vector<Validity>& all) {
        std::stable_sort(all.begin(), all.end(),
                         [](const auto& a, const auto& b) { return a.from < b.from; });
        for (std::size_t i = 1; i < all.size(); ++i) {
            const auto& before = all[i - 1];
            line_ = all[i].line;
            if (before.from == all[i].from) {
                refuse(fmt::format("it begins when line {} does", before.line));
            } else if (before.to && *before.to > all[i].from) {
                refuse(fmt::format("it begins before line {} ends", before.line));
            }
        }
    }

    Columns columns_;
    std::vector<std::string> fields_;
    Table table_;
    std::map<std::pair<std::string, std::string>, std::vector<Validity>> validities_;
    std::optional<std::string> about_;  // The node or tag of the row, if it could be read.
    std::set<std::string> wrong_;       // Of which a row is wrong.
    bool is_unknown_wrong_ = false;     // Of whatever.
    std::size_t line_ = 1;
    std::size_t mistakes_ = 0;
    std::string detail_;
};

base::Error malformed(std::string detail) {
    return {base::Fault::malformed, std::move(detail)};
}

/// Takes the first row, with its newline. The last one may lack it.
std::string_view take_row(std::string_view& bytes, char separator) {
    const auto length = drivers::tables::row_length(bytes, separator).value_or(bytes.size());
    const auto row = bytes.substr(0, length);
    bytes.remove_prefix(length);
    return row;
}

std::size_t lines_in(std::string_view row) {
    return static_cast<std::size_t>(std::count(row.begin(), row.end(), '\n'));
}

/// Reads all rows; malformed when that could not even begin.
base::Result<Reader> read_rows(std::string_view bytes) {
    if (bytes.size() > kTableBytesMax) return malformed("the file is larger than 16 MiB");
    const auto trouble = drivers::tables::encoding_trouble(bytes);
    if (!trouble.empty()) return malformed(trouble);
    bytes.remove_prefix(drivers::tables::byte_order_mark(bytes));
    const auto separator = Columns::separator_of(bytes.substr(0, bytes.find('\n')));
    const auto header = take_row(bytes, separator);
    auto columns = Columns::parse(drivers::tables::without_newline(header));
    if (!columns) return columns.error();
    Reader reader{std::move(columns).value()};
    std::size_t line = 1 + lines_in(header);
    std::size_t rows = 0;
    while (!bytes.empty()) {
        const auto row = take_row(bytes, separator);
        const auto text = drivers::tables::without_newline(row);
        const bool is_blank = text.find_first_not_of(" \t\r") == std::string_view::npos;
        if (!is_blank && ++rows > kTableRowsMax) {
            return malformed(fmt::format("more than {} rows", kTableRowsMax));
        }
        if (!is_blank) reader.accept(text, separator, line);
        line += lines_in(row);
    }
    if (rows == 0) return malformed("there is a header, and no row under it");
    return reader;
}

}  // namespace

base::Result<Table> read_table(std::string_view bytes) {
    auto reader = read_rows(bytes);
    if (!reader) return reader.error();
    return std::move(reader).value().finish();
}

base::Result<GoodPart> read_good_part(std::string_view bytes) {
    auto reader = read_rows(bytes);
    if (!reader) return reader.error();
    return std::move(reader).value().finish_good_part();
}

}  // namespace dimensions::csv
