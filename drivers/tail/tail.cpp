#include "drivers/tail/tail.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/ensure.hpp"
#include "base/log.hpp"
#include "drivers/tables/csv.hpp"

namespace drivers::tail {

namespace {

// Keeps a call bounded, even in a file with nothing but bad lines.
constexpr std::size_t kChunksPerCollectMax = 16;
constexpr std::size_t kFailuresMax = 16;
constexpr std::uint64_t kOthersSuspicious = 100;
constexpr base::Duration kLogPeriod = std::chrono::minutes{1};
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string_view without_mark(std::string_view line) {
    if (line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
    return line;
}

/// Cuts the first line that is not blank off the beginning of a file; nothing when none is
/// complete.
std::optional<std::string_view> cut_first_line(std::string_view& beginning) {
    for (;;) {
        const auto newline = beginning.find('\n');
        if (newline == std::string_view::npos) return std::nullopt;
        const auto line = tables::without_newline(beginning.substr(0, newline + 1));
        beginning.remove_prefix(newline + 1);
        if (!line.empty()) return line;
    }
}

bool is_another_place(const Position& a, const Position& b) {
    return a.path != b.path || a.inode != b.inode || a.device != b.device || a.offset != b.offset;
}

}  // namespace

base::Result<std::unique_ptr<drivers::Driver>> Driver::open(
    Options options, const std::optional<std::string>& position) {
    std::optional<Position> saved;
    if (position) {
        const auto parsed = parse_position(*position);
        if (!parsed) {
            return base::Error{base::Fault::misconfigured,
                               options.file + ": the saved position of this sensor was made by " +
                                   "another driver; give the sensor another name"};
        }
        saved = parsed.value();
    }
    return std::unique_ptr<drivers::Driver>(new Driver(std::move(options), saved));
}

Driver::Driver(Options options, std::optional<Position> position)
    : options_(std::move(options)),
      quantities_(tables::quantities_of(options_.columns)),
      follower_(options_, position),
      decoder_(options_),
      handed_(position) {}

Harvest Driver::collect(base::Instant now, std::size_t measurements_max) {
    ENSURE(measurements_max >= quantities_.size());
    Harvest harvest;
    now_ = now;
    stuck_.clear();
    for (std::size_t chunks = 0; chunks < kChunksPerCollectMax; ++chunks) {
        const auto chunk = follower_.read(now, reports_);
        if (follower_.is_skipping()) continue;
        if (chunk.empty() || !accept_lines(chunk, measurements_max, harvest)) break;
    }
    if (stuck_reminder_.is_due(stuck_, now) && !stuck_.empty()) reports_.push_back(stuck_);
    if (unreported_ > 0) {
        reports_.push_back(fmt::format("{} more bad lines or cells", unreported_));
    }
    unreported_ = 0;
    for (auto& reason : reports_) fail(std::move(reason), harvest);
    reports_.clear();
    add_position(harvest);
    log_progress(now);
    return harvest;
}

/// False when there was no room for all of them.
bool Driver::accept_lines(std::string_view chunk, std::size_t measurements_max, Harvest& harvest) {
    std::size_t used = 0;
    header_bytes_ = 0;
    const auto start = follower_.position()->offset;
    bool all = true;
    for (;;) {
        const auto newline = chunk.find('\n', used);
        if (newline == std::string_view::npos) break;
        all = measurements_max - harvest.measurements.size() >= quantities_.size() &&
              accept_line(chunk.substr(used, newline + 1 - used), start + used, harvest);
        if (!all) break;
        used = newline + 1;
    }
    follower_.consume(used, header_bytes_);
    return all;
}

/// False when the line must wait, because the columns of the file are unknown.
bool Driver::accept_line(std::string_view line, std::uint64_t offset, Harvest& harvest) {
    auto text = tables::without_newline(line);
    if (offset == 0) text = without_mark(text);
    if (text.empty()) return true;
    if (options_.format == Options::Format::csv && options_.header) {
        if (!find_columns_of_file()) return false;
        // Also when it is repeated: a program that restarts may write it again.
        if (text == header_) {
            if (offset == 0) header_bytes_ = line.size();
            return true;
        }
    }
    const auto decoded = decoder_.decode(text, line_);
    if (!decoded) {
        report_bad(offset, decoded.error().detail, harvest);
    } else if (line_.is_other) {
        count_other();
    } else {
        hand_out(offset, harvest);
    }
    return true;
}

bool Driver::find_columns_of_file() {
    if (columns_of_ == follower_.files()) return true;
    const auto bytes = follower_.beginning();
    auto rest = without_mark(bytes);
    const auto first = cut_first_line(rest);
    std::vector<std::string> header;
    if (!first || !tables::split_row(*first, options_.separator, header)) {
        stuck_ = options_.file + ": its first line is no header; is it header = false?";
        return false;
    }
    const auto second = cut_first_line(rest);
    std::vector<std::string> row;
    // A bad first row is reported in its turn.
    if (!second || !tables::split_row(*second, options_.separator, row)) row.clear();
    auto columns = tables::find_columns(
        {.file = options_.file, .time = options_.time, .values = options_.columns}, header, row);
    if (!columns) {
        stuck_ = columns.error().detail;
        return false;
    }
    decoder_.set_columns(std::move(columns).value());
    header_ = *first;
    // The first row shows how many fields a row has.
    if (second) columns_of_ = follower_.files();
    return true;
}

void Driver::hand_out(std::uint64_t offset, Harvest& harvest) {
    for (const auto& [quantity, value] : line_.values) {
        harvest.measurements.push_back(
            {.quantity = quantity, .value = value, .taken = now_, .source_time = line_.time});
    }
    latest_ = line_.time;
    ++lines_;
    for (const auto& reason : line_.bad_cells) report_bad(offset, reason, harvest);
}

/// A misspelt key would otherwise mean silence for ever.
void Driver::count_other() {
    ++others_;
    if (others_ != kOthersSuspicious || lines_ > 0) return;
    std::vector<std::string> names;
    for (const auto& column : options_.columns) names.push_back(column.column);
    reports_.push_back(
        fmt::format("none of {} lines has one of: {}", others_, fmt::join(names, ", ")));
}

void Driver::report_bad(std::uint64_t offset, const std::string& reason, Harvest& harvest) {
    ++bad_;
    if (harvest.failures.size() >= kFailuresMax) {
        ++unreported_;
        return;
    }
    fail(fmt::format("byte {}: {}", offset, reason), harvest);
}

/// A failure has the time of the lines around it, if they have one.
void Driver::fail(std::string reason, Harvest& harvest) const {
    harvest.failures.push_back(
        {.reason = std::move(reason), .taken = now_, .edges_us = {}, .source_time = latest_});
}

void Driver::add_position(Harvest& harvest) {
    const auto& position = follower_.position();
    if (!position || (handed_ && !is_another_place(*position, *handed_))) return;
    handed_ = position;
    harvest.position = to_text(*position);
}

void Driver::log_progress(base::Instant now) {
    if (lines_ == logged_lines_ || now - logged_ < kLogPeriod) return;
    logged_ = now;
    logged_lines_ = lines_;
    base::log_info("tail", {{"file", options_.file},
                            {"lines", lines_},
                            {"bad", bad_},
                            {"other", others_},
                            {"bytes_behind", follower_.behind()}});
}

DriverKind kind() {
    return {.name = "tail",
            .sentence = "A file that grows, of CSV, JSON lines or logfmt",
            .sample = {},
            .default_period = base::Duration{0},
            .make =
                [](base::Settings& settings, const Surroundings& surroundings) {
                    return Driver::open(read_options(settings), surroundings.position);
                },
            .read_settings = [](base::Settings& settings) { read_options(settings); }};
}

}  // namespace drivers::tail
