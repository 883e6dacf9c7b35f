#include "drivers/replay/opening.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "drivers/core/names.hpp"
#include "drivers/replay/decode.hpp"
#include "wire/identity.hpp"

namespace drivers::replay {

namespace {

constexpr std::size_t kRowsSurveyedMax = 1000;
constexpr int kTriesMax = 64;  // 16 MiB: enough to know that a file has no lines.
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

base::Error misconfigured(const Options& options, const std::string& why) {
    return {base::Fault::misconfigured, fmt::format("{}: {}", options.file, why)};
}

/// The next row that is not blank; false at the end.
base::Result<bool> next_row(const Options& options, RowReader& reader, Row& row) {
    for (int tries = 0; tries < kTriesMax; ++tries) {
        const auto outcome = reader.next(row);
        if (outcome == RowReader::Outcome::end) return false;
        if (outcome == RowReader::Outcome::failed) {
            return misconfigured(options, "cannot be read");
        }
        if (outcome == RowReader::Outcome::row && !tables::without_newline(row.text).empty())
            return true;
    }
    return misconfigured(options, "there is no row of CSV at its beginning");
}

/// The next row's fields; none at the end of the file.
base::Result<std::vector<std::string>> next_fields(const Options& options, RowReader& reader,
                                                   std::uint64_t* hash) {
    Row row;
    const auto found = next_row(options, reader, row);
    if (!found) return found.error();
    std::vector<std::string> fields;
    if (!found.value()) return fields;
    if (hash != nullptr) *hash = wire::fnv1a64(row.text);
    if (row.unreadable ||
        !tables::split_row(tables::without_newline(row.text), options.separator, fields)) {
        return misconfigured(options, fmt::format("line {} is no row of CSV", row.line));
    }
    return fields;
}

void skip_byte_order_mark(RowReader& reader) {
    const auto start = reader.bytes(0, kByteOrderMark.size());
    if (start && start.value() == kByteOrderMark) reader.seek(kByteOrderMark.size(), 1);
}

base::Duration median_of(std::vector<base::Duration> steps) {
    if (steps.empty()) return std::chrono::seconds{1};
    const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
    std::nth_element(steps.begin(), middle, steps.end());
    return *middle;
}

/// Surveys the first rows: when their time begins and how it goes on. This detects a wrong
/// time_format before anything is sent.
base::Status survey(const Options& options, OpenedFile& file) {
    RowDecoder decoder(options, file.columns);
    DecodedRow decoded;
    Row row;
    std::vector<base::Duration> steps;
    std::optional<base::EventTime> previous;
    std::optional<std::string> wrong;
    for (std::size_t rows = 0; rows < kRowsSurveyedMax; ++rows) {
        const auto found = next_row(options, file.reader, row);
        if (!found || !found.value()) break;
        if (const auto status = decoder.decode(tables::without_newline(row.text), decoded);
            !status) {
            if (!wrong) wrong = fmt::format("line {}: {}", row.line, status.error().detail);
            continue;
        }
        if (!previous) file.first = decoded.time;
        if (previous && decoded.time > *previous) steps.push_back(decoded.time - *previous);
        previous = decoded.time;
    }
    file.median_step = median_of(std::move(steps));
    if (!previous && wrong) return misconfigured(options, "no row can be read: " + *wrong);
    return base::Done{};
}

/// Why the position cannot be of this file; nothing if it can.
std::optional<std::string> mismatch(const Position& position, OpenedFile& file) {
    if (position.first_line_hash != file.first_line_hash) return "its first line is another";
    if (position.offset > file.reader.size()) {
        return fmt::format("it has {} bytes, and {} were read already", file.reader.size(),
                           position.offset);
    }
    if (position.offset < file.data_offset) return "its data begins later";
    const auto tail = file.reader.bytes(position.offset - position.tail_bytes,
                                        static_cast<std::size_t>(position.tail_bytes));
    if (!tail) return "it cannot be read";
    if (position.tail_bytes > 0 && wire::fnv1a64(tail.value()) != position.tail_hash) {
        return fmt::format("line {} is another", position.line - 1);
    }
    return std::nullopt;
}

}  // namespace

base::Result<OpenedFile> open_file(const Options& options) {
    auto reader = RowReader::open(options.file, options.separator);
    if (!reader) return reader.error();
    OpenedFile file{
        .reader = std::move(reader).value(), .columns = {}, .first = {}, .median_step = {}};
    skip_byte_order_mark(file.reader);
    const auto start = file.reader.offset();
    auto header = next_fields(options, file.reader, &file.first_line_hash);
    if (!header) return header.error();
    if (header.value().empty()) return misconfigured(options, "the file is empty");
    if (!options.header) file.reader.seek(start, 1);
    file.data_offset = file.reader.offset();
    file.data_line = file.reader.line();
    const auto first = next_fields(options, file.reader, nullptr);
    // A bad first row is for the replay to report, not a reason to refuse the file.
    auto columns = tables::find_columns(
        {.file = options.file, .time = options.time_column, .values = options.columns},
        options.header ? header.value() : std::vector<std::string>{},
        first ? first.value() : std::vector<std::string>{});
    if (!columns) return columns.error();
    file.columns = std::move(columns).value();
    file.reader.seek(file.data_offset, file.data_line);
    if (const auto surveyed = survey(options, file); !surveyed) return surveyed.error();
    file.reader.seek(file.data_offset, file.data_line);
    return file;
}

Position beginning_of(const Options& options, const OpenedFile& file) {
    Position position;
    position.edition = options.edition;
    position.offset = file.data_offset;
    position.line = file.data_line;
    position.first_line_hash = file.first_line_hash;
    return position;
}

base::Result<Position> resume(const Options& options, OpenedFile& file,
                              const std::optional<std::string>& saved) {
    if (!saved) return beginning_of(options, file);
    const auto position = parse_position(*saved);
    if (position && position.value().edition != options.edition) {
        return beginning_of(options, file);
    }
    const auto why = position ? mismatch(position.value(), file)
                              : std::optional<std::string>{"the saved position is not readable"};
    if (!why) {
        file.reader.seek(position.value().offset, position.value().line);
        return position;
    }
    return misconfigured(
        options, fmt::format("is not the file of which a part was replayed already: {}. Put that "
                             "file back, or set edition = {} to replay this one from its beginning",
                             *why, options.edition + 1));
}

}  // namespace drivers::replay
