#include "drivers/replay/replay.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/ensure.hpp"
#include "base/log.hpp"
#include "drivers/replay/content_hash.hpp"
#include "wire/identity.hpp"

namespace drivers::replay {

namespace {

// Keep a call bounded, even in a file with nothing but bad rows.
constexpr std::size_t kRowsPerCollectMax = 10'000;
constexpr std::uint64_t kBytesPerCollectMax = 8 * 1024 * 1024;
constexpr std::size_t kFailuresMax = 1024;
constexpr base::Duration kLogPeriod = std::chrono::seconds{10};

}  // namespace

base::Result<std::unique_ptr<Driver>> Driver::open(Options options,
                                                   const std::optional<std::string>& position) {
    auto file = open_file(options);
    if (!file) return file.error();
    auto opened = std::move(file).value();
    auto resumed = resume(options, opened, position);
    if (!resumed) return resumed.error();
    const auto header = header_at(options, opened, resumed.value());
    if (!header) return header.error();
    return std::unique_ptr<Driver>(new Driver(std::move(options), std::move(opened),
                                              std::move(resumed).value(), header.value()));
}

Driver::Driver(Options options, OpenedFile file, Position position, const tables::Header& header)
    : options_(std::move(options)),
      file_(std::move(file)),
      reader_(options_),
      pace_(options_.speed),
      position_(std::move(position)) {
    reader_.begin(header, position_.row == 0);
    if (!position_.time_ms) return;
    const auto step =
        position_.step_ms ? std::optional{base::Duration{*position_.step_ms}} : std::nullopt;
    reader_.times().restore(base::from_milliseconds(*position_.time_ms), step);
}

Harvest Driver::collect(base::Instant now, std::size_t measurements_max) {
    ENSURE(measurements_max >= options_.columns.size());
    Harvest harvest;
    is_failing_ = false;
    harvest.finished = finished_;
    if (finished_) return harvest;
    if (!began_) logged_ = *(began_ = now);
    const auto before = position_;
    const auto bytes_end = position_.offset + kBytesPerCollectMax;
    for (std::size_t rows = 0; rows < kRowsPerCollectMax && !finished_; ++rows) {
        if (!has_room(measurements_max, harvest)) break;
        if (position_.offset > bytes_end || !step(now, harvest)) break;
    }
    for (auto& failure : harvest.failures) failure.taken = now;
    for (const auto& note : reader_.take_notes()) base::log_warn(note, {{"file", options_.file}});
    if (position_ != before) harvest.position = to_text(position_);
    harvest.finished = finished_;
    if (harvest.position || finished_) log_progress(now);
    return harvest;
}

bool Driver::has_room(std::size_t measurements_max, const Harvest& harvest) const {
    return measurements_max - harvest.measurements.size() >= options_.columns.size() &&
           harvest.failures.size() < kFailuresMax;
}

/// Handles one row; false when there is nothing more to do just now.
bool Driver::step(base::Instant now, Harvest& harvest) {
    if (!after_waiting_) return read_row(harvest) && (!after_waiting_ || step(now, harvest));
    if (waiting() >= hold_from_) return false;
    if (!pace_.is_due(*row_.time + base::Duration{position_.shift_ms}, now)) return false;
    hand_out(now, harvest);
    return true;
}

bool Driver::read_row(Harvest& harvest) {
    Row row;
    switch (file_.reader.next(row)) {
        case RowReader::Outcome::row:
            accept(row, harvest);
            return true;
        case RowReader::Outcome::nothing_yet:
            return false;
        case RowReader::Outcome::end:
            return end_pass(harvest);
        case RowReader::Outcome::failed:
            break;
    }
    report("the file cannot be read", harvest);
    is_failing_ = true;
    return false;
}

std::optional<base::EventTime> Driver::waiting() const {
    if (!after_waiting_) return std::nullopt;
    return *row_.time + base::Duration{position_.shift_ms};
}

void Driver::accept(const Row& row, Harvest& harvest) {
    using Outcome = tables::TableReader::Outcome;
    auto behind = after(row);
    const auto text = tables::without_newline(row.text);
    auto outcome = Outcome::passed_over;  // As a blank line is.
    if (row.unreadable) {
        outcome = Outcome::row;
        row_.clear();
        row_.trouble = tables::Trouble{"quote not closed", "too long, or a quote is not closed"};
    } else if (!text.empty()) {
        outcome = reader_.read(text, row_);
    }
    if (outcome == Outcome::header) {
        behind.header_at = static_cast<std::int64_t>(behind.offset - row.text.size());
    }
    // A row without a wanted column, below a header that lacks them all, says nothing.
    const bool is_other = outcome == Outcome::row && row_.is_other && !row_.trouble;
    if (outcome != Outcome::row || is_other) {
        --behind.row;
        position_ = std::move(behind);
        return;
    }
    if (row_.trouble) {
        report_bad(row.line, *row_.trouble, {}, harvest);
        position_ = std::move(behind);
        return;
    }
    behind.time_ms = base::to_milliseconds(*row_.time);
    if (const auto& step = reader_.times().step()) behind.step_ms = step->count();
    behind.latest_ms = std::max(*behind.time_ms, position_.latest_ms.value_or(0));
    after_waiting_ = std::move(behind);
}

void Driver::hand_out(base::Instant now, Harvest& harvest) {
    const auto time = *row_.time + base::Duration{position_.shift_ms};
    for (const auto& [quantity, value] : row_.values) {
        harvest.measurements.push_back(
            {.quantity = quantity, .value = value, .taken = now, .source_time = time});
    }
    const auto line = position_.line;
    position_ = *std::exchange(after_waiting_, std::nullopt);
    handed_out_ = time;
    for (const auto& [quantity, trouble] : row_.bad_cells) {
        report_bad(line, trouble, {quantity}, harvest);
    }
    ++rows_;
}

/// Begins another pass, or finishes.
bool Driver::end_pass(Harvest& harvest) {
    finished_ = true;
    if (!options_.loop) return false;
    if (!position_.latest_ms) {
        report("a whole pass without a row that can be read", harvest);
        return false;
    }
    const auto latest = base::from_milliseconds(*position_.latest_ms);
    const auto pass = std::max(latest - file_.first, base::Duration{0}) + file_.median_step;
    const auto shift = base::Duration{position_.shift_ms} + pass;
    if (latest + shift >= tables::kTimesEnd) {
        report("the next pass would go beyond the year 9999", harvest);
        return false;
    }
    finished_ = false;
    const auto passes = position_.pass + 1;
    auto imports = std::move(position_.imports);
    position_ = beginning_of(options_, file_);
    position_.imports = std::move(imports);
    position_.pass = passes;
    position_.shift_ms = shift.count();
    file_.reader.seek(file_.data_offset, file_.data_line);
    reader_.begin(file_.header, true);
    reader_.times().restore(std::nullopt, std::nullopt);
    return true;
}

/// A failure has the file's time, not the machine's: that of its row, or else of the one before.
void Driver::report_bad(std::uint64_t line, const tables::Trouble& trouble,
                        std::vector<std::size_t> quantities, Harvest& harvest) {
    ++bad_;
    const auto own =
        row_.time ? std::optional{*row_.time + base::Duration{position_.shift_ms}} : std::nullopt;
    harvest.failures.push_back({.reason = fmt::format("line {}: {}", line, trouble.reason),
                                .taken = {},
                                .edges_us = {},
                                .source_time = own.value_or(time_reached()),
                                .quantities = std::move(quantities),
                                .readings = 1,
                                .cause = trouble.cause});
}

/// What happened to the file, and cost no reading that is known.
void Driver::report(std::string reason, Harvest& harvest) const {
    harvest.failures.push_back({.reason = std::move(reason),
                                .taken = {},
                                .edges_us = {},
                                .source_time = time_reached(),
                                .quantities = {},
                                .readings = 0,
                                .cause = "file"});
}

/// The time of the last row handed out, by this process or the one before; else of the first row.
base::EventTime Driver::time_reached() const {
    if (handed_out_) return *handed_out_;
    const auto own =
        position_.latest_ms ? base::from_milliseconds(*position_.latest_ms) : file_.first;
    return own + base::Duration{position_.shift_ms};
}

Position Driver::after(const Row& row) const {
    auto position = position_;
    position.offset = file_.reader.offset();
    position.line = file_.reader.line();
    ++position.row;
    position.tail_bytes = std::min<std::uint64_t>(row.text.size(), kTailBytesMax);
    position.tail_hash = wire::fnv1a64(row.text.substr(row.text.size() - position.tail_bytes));
    if (!position.read_hash) return position;
    ContentHash read{*position.read_hash};
    read.add(row.text);
    position.read_hash = read.value();
    return position;
}

void Driver::log_progress(base::Instant now) {
    if (!finished_ && now - logged_ < kLogPeriod) return;
    logged_ = now;
    const auto elapsed = std::max<std::int64_t>((now - *began_).count(), 1);
    const auto size = std::max<std::uint64_t>(file_.reader.size(), 1);
    std::vector<base::Field> fields{
        {"file", options_.file},
        {"rows", rows_},
        {"bad", bad_},
        {"passed_over", reader_.passed_over()},
        {"percent", std::min<std::uint64_t>(position_.offset * 100 / size, 100)},
        {"rows_per_second", rows_ * 1000 / static_cast<std::uint64_t>(elapsed)}};
    if (options_.loop) fields.emplace_back("pass", position_.pass + 1);
    base::log_info(finished_ ? "replay finished" : "replay", fields);
}

DriverKind kind() {
    return {.name = "replay",
            .sentence = "A CSV file, read as if it were a sensor",
            .sample = {},
            .default_period = base::Duration{0},
            .make = [](base::Settings& settings, const Surroundings& surroundings)
                -> base::Result<std::unique_ptr<drivers::Driver>> {
                auto opened = Driver::open(read_options(settings), surroundings.position);
                if (!opened) return opened.error();
                return std::unique_ptr<drivers::Driver>{std::move(opened).value()};
            },
            .read_settings = [](base::Settings& settings) { read_options(settings); }};
}

}  // namespace drivers::replay
