#include "drivers/tail/tail.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/ensure.hpp"
#include "base/log.hpp"
#include "drivers/tables/csv.hpp"

namespace drivers::tail {

namespace {

// One call stays bounded even in a file of nothing but bad lines.
constexpr std::size_t kChunksPerCollectMax = 16;
constexpr std::size_t kFailuresMax = 16;
constexpr std::uint64_t kOthersSuspicious = 100;
constexpr base::Duration kReportPeriod = std::chrono::minutes{1};
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string_view without_mark(std::string_view line) {
    if (line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
    return line;
}

/// Takes the first line that is not blank off a file's beginning; nothing when none is complete.
std::optional<std::string_view> take_first(std::string_view& beginning) {
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
    stuck_.reset();
    for (std::size_t chunks = 0; chunks < kChunksPerCollectMax; ++chunks) {
        const auto chunk = follower_.read(now, told_);
        if (follower_.is_skipping()) continue;
        if (chunk.empty() || !take_lines(chunk, measurements_max, harvest)) break;
    }
    if (stuck_) {
        lasting_.tell(*stuck_, now, told_);
    } else {
        lasting_.end();
    }
    if (untold_ > 0) told_.push_back(fmt::format("{} more bad lines or cells", untold_));
    untold_ = 0;
    for (auto& reason : told_) fail(std::move(reason), harvest);
    told_.clear();
    add_position(harvest);
    report(now);
    return harvest;
}

/// False when not all of them could be taken.
bool Driver::take_lines(std::string_view chunk, std::size_t measurements_max, Harvest& harvest) {
    std::size_t used = 0;
    header_bytes_ = 0;
    const auto start = follower_.position()->offset;
    bool all = true;
    for (;;) {
        const auto newline = chunk.find('\n', used);
        if (newline == std::string_view::npos) break;
        all = measurements_max - harvest.measurements.size() >= quantities_.size() &&
              take_line(chunk.substr(used, newline + 1 - used), start + used, harvest);
        if (!all) break;
        used = newline + 1;
    }
    follower_.consume(used, header_bytes_);
    return all;
}

/// False when it must wait, since the file's columns are not known.
bool Driver::take_line(std::string_view line, std::uint64_t offset, Harvest& harvest) {
    auto text = tables::without_newline(line);
    if (offset == 0) text = without_mark(text);
    if (text.empty()) return true;
    if (options_.format == Options::Format::csv && options_.header) {
        if (!find_columns_of_file()) return false;
        // Also when it comes again: a program that starts anew may write it again.
        if (text == header_) {
            if (offset == 0) header_bytes_ = line.size();
            return true;
        }
    }
    const auto decoded = decoder_.decode(text, line_);
    if (!decoded) {
        tell_bad(offset, decoded.error().detail, harvest);
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
    const auto first = take_first(rest);
    std::vector<std::string> header;
    if (!first || !tables::split_row(*first, options_.separator, header)) {
        stuck_ = options_.file + ": its first line is no header; is it header = false?";
        return false;
    }
    const auto second = take_first(rest);
    std::vector<std::string> row;
    // A bad first row is told when it is its turn.
    if (!second || !tables::split_row(*second, options_.separator, row)) row.clear();
    auto columns = tables::find_columns(
        {.file = options_.file, .time = options_.time, .values = options_.columns}, header, row);
    if (!columns) {
        stuck_ = columns.error().detail;
        return false;
    }
    decoder_.set_columns(std::move(columns).value());
    header_ = *first;
    // How many fields a row has shows in the first one.
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
    for (const auto& reason : line_.bad_cells) tell_bad(offset, reason, harvest);
}

/// A key that was misspelt would be silence for ever.
void Driver::count_other() {
    ++others_;
    if (others_ != kOthersSuspicious || lines_ > 0) return;
    std::vector<std::string> names;
    for (const auto& column : options_.columns) names.push_back(column.column);
    told_.push_back(
        fmt::format("none of {} lines has one of: {}", others_, fmt::join(names, ", ")));
}

void Driver::tell_bad(std::uint64_t offset, const std::string& reason, Harvest& harvest) {
    ++bad_;
    if (harvest.failures.size() >= kFailuresMax) {
        ++untold_;
        return;
    }
    fail(fmt::format("byte {}: {}", offset, reason), harvest);
}

/// A failure belongs to the time of the lines around it, where they have one.
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

void Driver::report(base::Instant now) {
    if (lines_ == reported_lines_ || now - reported_ < kReportPeriod) return;
    reported_ = now;
    reported_lines_ = lines_;
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
