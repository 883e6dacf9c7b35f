#include "drivers/tail/tail.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/ensure.hpp"
#include "base/log.hpp"
#include "drivers/tables/csv.hpp"
#include "drivers/tables/encoding.hpp"

namespace drivers::tail {

namespace {

// Keep a call bounded, even in a file with nothing but bad lines.
constexpr std::size_t kChunksPerCollectMax = 16;
constexpr std::size_t kFailuresMax = 1024;
constexpr std::uint64_t kOthersSuspicious = 100;
constexpr base::Duration kLogPeriod = std::chrono::minutes{1};

/// Without what follows the last newline.
std::string_view whole_lines(std::string_view bytes) {
    return bytes.substr(0, bytes.rfind('\n') + 1);
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
      follower_(options_, position),
      decoder_(options_),
      handed_(position) {
    if (!position || !position->time_ms) return;
    latest_ = base::from_milliseconds(*position->time_ms);
    const auto step =
        position->step_ms ? std::optional{base::Duration{*position->step_ms}} : std::nullopt;
    decoder_.times().restore(latest_, step);
}

Harvest Driver::collect(base::Instant now, std::size_t measurements_max) {
    ENSURE(measurements_max >= options_.columns.size());
    Harvest harvest;
    now_ = now;
    stuck_.clear();
    for (std::size_t chunks = 0; chunks < kChunksPerCollectMax; ++chunks) {
        const auto chunk = follower_.read(now, reports_);
        if (follower_.is_skipping()) continue;
        if (chunk.empty() || !accept_lines(chunk, measurements_max, harvest)) break;
    }
    if (stuck_reminder_.is_due(stuck_, now) && !stuck_.empty()) reports_.push_back(stuck_);
    for (auto& reason : reports_) report(std::move(reason), harvest);
    reports_.clear();
    for (const auto& note : decoder_.take_notes()) base::log_warn(note, {{"file", options_.file}});
    add_position(harvest);
    log_progress(now);
    return harvest;
}

bool Driver::has_room(std::size_t measurements_max, const Harvest& harvest) const {
    return measurements_max - harvest.measurements.size() >= options_.columns.size() &&
           harvest.failures.size() < kFailuresMax;
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
        all = has_room(measurements_max, harvest) &&
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
    if (offset == 0) text.remove_prefix(tables::byte_order_mark(text));
    if (text.empty()) return true;
    if (options_.format == Options::Format::csv) {
        if (!find_header_of_file()) return false;
        if (offset < header_end_) {
            header_bytes_ = offset + line.size();
            return true;
        }
    }
    switch (decoder_.read(text, row_)) {
        case LineDecoder::Outcome::row:
            hand_out(offset, harvest);
            break;
        case LineDecoder::Outcome::header:
            follower_.note_header(offset);
            break;
        case LineDecoder::Outcome::passed_over:
            break;
    }
    return true;
}

bool Driver::find_header_of_file() {
    if (header_of_ == follower_.files()) return true;
    // The same bytes say the same.
    const auto size = std::min<std::uint64_t>(follower_.size(), 2 * tables::kRowBytesMax);
    if (searched_ == std::pair{follower_.files(), size} && !no_header_.empty()) {
        stuck_ = no_header_;
        return false;
    }
    const auto header = header_of_file();
    searched_ = {follower_.files(), size};
    no_header_ = header ? std::string{} : header.error().detail;
    if (!header) {
        stuck_ = no_header_;
        return false;
    }
    const auto& found = header.value();
    header_end_ = options_.header ? found.end : 0;
    decoder_.begin(found, follower_.position()->offset <= found.end);
    // The first row shows how many fields a row has.
    if (found.is_settled) header_of_ = follower_.files();
    return true;
}

base::Result<tables::Header> Driver::header_of_file() const {
    if (const auto later = follower_.position()->header_at) {
        const auto bytes = follower_.bytes_at(static_cast<std::uint64_t>(*later));
        return tables::later_header(options_, whole_lines(bytes));
    }
    const auto bytes = follower_.bytes_at(0);
    if (!options_.header) return tables::no_header(options_, bytes);
    return tables::find_header(options_, whole_lines(bytes));
}

void Driver::hand_out(std::uint64_t offset, Harvest& harvest) {
    if (row_.trouble) return report_bad(offset, *row_.trouble, {}, harvest);
    if (row_.is_other) return count_other();
    for (const auto& [quantity, value] : row_.values) {
        harvest.measurements.push_back(
            {.quantity = quantity, .value = value, .taken = now_, .source_time = row_.time});
    }
    if (row_.time) follower_.note_time(*row_.time, decoder_.times().step());
    latest_ = row_.time;
    ++lines_;
    for (const auto& [quantity, trouble] : row_.bad_cells) {
        report_bad(offset, trouble, {quantity}, harvest);
    }
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

/// A failure has the time of its line, or else of the one before.
void Driver::report_bad(std::uint64_t offset, const tables::Trouble& trouble,
                        std::vector<std::size_t> quantities, Harvest& harvest) {
    ++bad_;
    harvest.failures.push_back({.reason = fmt::format("byte {}: {}", offset, trouble.reason),
                                .taken = now_,
                                .edges_us = {},
                                .source_time = row_.time ? row_.time : latest_,
                                .quantities = std::move(quantities),
                                .readings = 1,
                                .cause = trouble.cause});
}

/// What happened to the file, and cost no reading that is known.
void Driver::report(std::string reason, Harvest& harvest) const {
    harvest.failures.push_back({.reason = std::move(reason),
                                .taken = now_,
                                .edges_us = {},
                                .source_time = latest_,
                                .quantities = {},
                                .readings = 0,
                                .cause = "file"});
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
                            {"passed_over", decoder_.passed_over()},
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
