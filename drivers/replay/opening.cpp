#include "drivers/replay/opening.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"
#include "drivers/core/names.hpp"
#include "drivers/replay/content_hash.hpp"
#include "drivers/tables/rows/table_reader.hpp"
#include "wire/identity.hpp"

namespace drivers::replay {

namespace {

constexpr std::size_t kRowsSurveyedMax = 1000;
constexpr int kTriesMax = 64;  // 16 MiB: enough to know that a file has no lines.
constexpr std::size_t kBeginningBytes = tables::kHeaderBytesMax + tables::kRowBytesMax;

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

base::Duration median_of(std::vector<base::Duration> steps) {
    if (steps.empty()) return std::chrono::seconds{1};
    const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
    std::nth_element(steps.begin(), middle, steps.end());
    return *middle;
}

/// Surveys the first rows: when their time begins and how it goes on. This detects a wrong
/// time_format before anything is sent.
base::Status survey(const Options& options, OpenedFile& file) {
    tables::TableReader reader(options);
    reader.begin(file.header, true);
    tables::DecodedRow decoded;
    Row row;
    std::vector<base::Duration> steps;
    std::optional<base::EventTime> previous;
    std::optional<std::string> wrong;
    for (std::size_t rows = 0; rows < kRowsSurveyedMax; ++rows) {
        const auto found = next_row(options, file.reader, row);
        if (!found || !found.value()) break;
        const auto outcome = reader.read(tables::without_newline(row.text), decoded);
        if (outcome != tables::TableReader::Outcome::row) continue;
        if (decoded.trouble) {
            if (!wrong) wrong = fmt::format("line {}: {}", row.line, decoded.trouble->reason);
            continue;
        }
        // Below a header that lacks all values rows say nothing, not even a time.
        if (decoded.is_other) continue;
        if (!previous) file.first = *decoded.time;
        if (previous && *decoded.time > *previous) steps.push_back(*decoded.time - *previous);
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

/// Finds where the header ends and the data begins.
base::Status read_header(const Options& options, std::string_view bytes, OpenedFile& file) {
    auto header =
        options.header ? tables::find_header(options, bytes) : tables::no_header(options, bytes);
    if (!header) return header.error();
    file.header = std::move(header).value();
    file.data_offset = file.header.end;
    file.data_line = file.header.lines + 1;
    const auto before = bytes.substr(0, file.header.end);
    ContentHash hash;
    hash.add(before);
    file.data_hash = hash.value();
    const auto rest = bytes.substr(file.header.end);
    const auto first = rest.substr(0, tables::row_length(rest, options.separator).value_or(0));
    file.first_line_hash = wire::fnv1a64(options.header ? before.substr(file.header.begin) : first);
    return base::Done{};
}

/// Where a row that was read at the end of the file, without a newline, ends now; nothing when the
/// position is not behind such a row, or still at the end.
std::optional<std::string> rest_of_row(OpenedFile& file, const Position& position) {
    const bool may_be_cut =
        position.offset > file.data_offset && position.offset < file.reader.size();
    if (!may_be_cut) return std::nullopt;
    const auto length =
        std::min<std::uint64_t>(file.reader.size() - position.offset + 1, tables::kRowBytesMax);
    auto bytes = file.reader.bytes(position.offset - 1, static_cast<std::size_t>(length));
    if (!bytes || bytes.value().starts_with('\n')) return std::nullopt;
    const auto rest = std::string_view{bytes.value()}.substr(1);
    return std::string{rest.substr(0, std::min(rest.find('\n'), rest.size() - 1) + 1)};
}

/// Moves a position behind the row in whose middle it stands, because the row was the last one of
/// the file and the file has grown. What was read of it has counted.
void finish_row(const Options& options, OpenedFile& file, Position& position) {
    const auto rest = rest_of_row(file, position);
    if (!rest) return;
    if (!tables::without_newline(*rest).empty()) {
        base::log_error(
            "a line had no end when it was replayed, and has been completed since; it counted as "
            "it was, and the rest of it is passed over",
            {{"file", options.file},
             {"line", position.line},
             {"rest", shown(tables::without_newline(*rest))}});
    }
    position.offset += rest->size();
    if (rest->ends_with('\n')) ++position.line;
    position.tail_bytes = std::min<std::uint64_t>(rest->size(), kTailBytesMax);
    position.tail_hash = wire::fnv1a64(rest->substr(rest->size() - position.tail_bytes));
    if (!position.read_hash) return;
    ContentHash read{*position.read_hash};
    read.add(*rest);
    position.read_hash = read.value();
}

/// What older programs did not save: the hash of all that was read, if this is the file.
void add_read_hash(const Options& options, Position& position) {
    if (position.read_hash) return;
    const auto prefixes = prefixes_of(options.file, {position.offset});
    if (prefixes && !prefixes.value().empty()) position.read_hash = prefixes.value().front().hash;
}

/// The longest beginning of the file that an earlier edition has read; nothing when none has.
std::optional<std::pair<Import, Prefix>> find_import(const Options& options,
                                                     const std::vector<Import>& imports) {
    std::vector<std::uint64_t> lengths;
    for (const auto& import : imports) lengths.push_back(import.bytes);
    const auto prefixes = prefixes_of(options.file, std::move(lengths));
    if (!prefixes) return std::nullopt;
    std::optional<std::pair<Import, Prefix>> longest;
    for (const auto& prefix : prefixes.value()) {
        const auto known = std::find_if(imports.begin(), imports.end(), [&](const Import& one) {
            return one.bytes == prefix.bytes && one.hash == prefix.hash;
        });
        if (known != imports.end()) longest = std::pair{*known, prefix};
    }
    return longest;
}

/// Begins another edition, and remembers what the ones before have read.
Position next_edition(const Options& options, OpenedFile& file, const Position& before) {
    auto imports = before.imports;
    if (before.read_hash && (before.row > 0 || before.pass > 0)) {
        imports.push_back(
            {.bytes = before.offset, .hash = *before.read_hash, .header_at = before.header_at});
    }
    if (imports.size() > kImportsMax) imports.erase(imports.begin());
    auto position = beginning_of(options, file);
    const auto known = options.again ? std::nullopt : find_import(options, imports);
    position.imports = std::move(imports);
    if (!known) return position;
    const auto& [import, prefix] = *known;
    position.offset = prefix.bytes;
    position.line = prefix.lines + 1;
    position.header_at = import.header_at;
    position.read_hash = prefix.hash;
    finish_row(options, file, position);
    file.reader.seek(position.offset, position.line);
    base::log_warn(
        "this part of the file was replayed already, and is not counted again; "
        "again = true counts it again",
        {{"file", options.file}, {"lines", prefix.lines}, {"bytes", prefix.bytes}});
    return position;
}

}  // namespace

base::Result<OpenedFile> open_file(const Options& options) {
    auto reader = RowReader::open(options.file, options.separator, options.bytes_max);
    if (!reader) return reader.error();
    OpenedFile file{
        .reader = std::move(reader).value(), .header = {}, .first = {}, .median_step = {}};
    const auto beginning = file.reader.bytes(
        0, static_cast<std::size_t>(std::min<std::uint64_t>(file.reader.size(), kBeginningBytes)));
    if (!beginning) return misconfigured(options, "cannot be read");
    const auto& bytes = beginning.value();
    if (bytes.find_first_not_of("\r\n") == std::string::npos) {
        return misconfigured(options, "the file is empty");
    }
    if (const auto status = read_header(options, bytes, file); !status) return status.error();
    file.reader.seek(file.data_offset, file.data_line);
    if (const auto surveyed = survey(options, file); !surveyed) return surveyed.error();
    file.reader.seek(file.data_offset, file.data_line);
    return file;
}

base::Result<tables::Header> header_at(const Options& options, OpenedFile& file,
                                       const Position& position) {
    if (!position.header_at) return file.header;
    const auto offset = static_cast<std::uint64_t>(*position.header_at);
    // With the lines below it, which may say more.
    const auto length = std::min<std::uint64_t>(file.reader.size() - offset, tables::kRowBytesMax);
    auto bytes = file.reader.bytes(offset, static_cast<std::size_t>(length));
    if (!bytes) return misconfigured(options, "cannot be read");
    return tables::later_header(options, bytes.value());
}

Position beginning_of(const Options& options, const OpenedFile& file) {
    Position position;
    position.edition = options.edition;
    position.offset = file.data_offset;
    position.line = file.data_line;
    position.first_line_hash = file.first_line_hash;
    position.read_hash = file.data_hash;
    return position;
}

base::Result<Position> resume(const Options& options, OpenedFile& file,
                              const std::optional<std::string>& saved) {
    if (!saved) return beginning_of(options, file);
    const auto parsed = parse_position(*saved);
    if (!parsed) {
        return misconfigured(options,
                             "the saved position of this sensor is none of a replay, as one of a "
                             "tail is not; give the sensor another name");
    }
    auto position = parsed.value();
    const auto why = mismatch(position, file);
    if (!why) add_read_hash(options, position);
    if (position.edition != options.edition) return next_edition(options, file, position);
    if (!why) {
        finish_row(options, file, position);
        file.reader.seek(position.offset, position.line);
        return position;
    }
    return misconfigured(
        options, fmt::format("is not the file of which a part was replayed already: {}. Put that "
                             "file back, or set edition = {} to replay this one from its beginning",
                             *why, options.edition + 1));
}

}  // namespace drivers::replay
