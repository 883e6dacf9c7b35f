#include "drivers/recordings/changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.hpp"

namespace drivers::recordings {

namespace {

constexpr std::size_t kRowBytesMax = 1024;
constexpr std::size_t kChannelsMax = 64;
constexpr double kLatest_us = 1e12;
constexpr std::string_view kBlanks = " \t\r\"";

using Cells = std::vector<std::string_view>;

base::Error malformed(std::string detail) {
    return {base::Fault::malformed, std::move(detail)};
}

Cells cells_of(std::string_view row) {
    Cells cells;
    for (std::size_t at = 0; at <= row.size();) {
        const auto end = std::min(row.find(',', at), row.size());
        cells.push_back(base::trimmed(row.substr(at, end - at), kBlanks));
        at = end + 1;
    }
    return cells;
}

std::optional<double> number_in(std::string_view text) {
    double number = 0;
    const auto* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec != std::errc{} || read.ptr != end || !std::isfinite(number)) return std::nullopt;
    return number;
}

/// Microseconds in the unit of a time column, "Time [s]" or "Nanoseconds"; nothing for another.
std::optional<double> unit_of_time(std::string_view title) {
    struct Spelling {
        std::string_view written;
        double us;
    };
    constexpr std::array kSpellings{
        Spelling{"time_us", 1},      Spelling{"time[s]", 1e6},      Spelling{"time(s)", 1e6},
        Spelling{"time[ms]", 1e3},   Spelling{"time(ms)", 1e3},     Spelling{"time[us]", 1},
        Spelling{"time(us)", 1},     Spelling{"time[µs]", 1},       Spelling{"time[ns]", 1e-3},
        Spelling{"time(ns)", 1e-3},  Spelling{"seconds", 1e6},      Spelling{"milliseconds", 1e3},
        Spelling{"microseconds", 1}, Spelling{"nanoseconds", 1e-3},
    };
    auto written = base::lower(title);
    std::erase(written, ' ');
    const auto* const found =
        std::find_if(kSpellings.begin(), kSpellings.end(),
                     [&](const Spelling& known) { return known.written == written; });
    return found == kSpellings.end() ? std::nullopt : std::optional{found->us};
}

/// "; Samplerate: 1 MHz": the microseconds between two samples.
std::optional<double> sample_us(std::string_view comment) {
    const auto text = base::lower(comment);
    const auto rate = text.find("rate:");
    if (rate == std::string::npos) return std::nullopt;
    const auto value = base::trimmed(std::string_view{text}.substr(rate + 5), kBlanks);
    const auto end = std::min(value.find_first_not_of("0123456789."), value.size());
    const auto number = number_in(value.substr(0, end));
    const auto unit = base::trimmed(value.substr(end), kBlanks);
    const double hertz = unit == "hz" ? 1 : unit == "khz" ? 1e3 : unit == "mhz" ? 1e6 : 0;
    if (!number || *number * hertz <= 0) return std::nullopt;
    return 1e6 / (*number * hertz);
}

/// The rows of a file as they come, and what is known of their columns.
class Reader {
  public:
    base::Status accept(std::string_view row, std::size_t number) {
        row = base::trimmed(row, kBlanks);
        if (row.empty() || row == "FRAME-END") return base::Done{};
        if (row.starts_with(';')) {
            if (const auto rate = sample_us(row)) sample_us_ = rate;
            return base::Done{};
        }
        const auto cells = cells_of(row);
        if (titles_.empty() && width_ == 0) {
            if (!number_in(cells.front())) return accept_titles(cells, number);
            is_plain_ = !sample_us_;
        }
        return accept_row(cells, number);
    }

    base::Result<std::vector<dht::LevelChange>> changes() const {
        if (rows_.empty()) return std::vector<dht::LevelChange>{};
        const auto changing = std::popcount(changed_);
        if (width_ > 1 && changing != 1) return no_single_channel();
        const auto bit = width_ > 1 ? changed_ : 1U;
        std::vector<dht::LevelChange> changes;
        for (const auto& row : rows_) {
            const bool level = (row.levels & bit) != 0;
            if (!is_plain_ && !changes.empty() && changes.back().level == level) continue;
            changes.push_back({.time_us = row.time_us, .level = level});
        }
        return changes;
    }

  private:
    struct Row {
        double time_us = 0;
        std::uint64_t levels = 0;
    };

    bool has_time() const { return is_plain_ || time_us_.has_value(); }

    base::Status accept_titles(const Cells& cells, std::size_t number) {
        time_us_ = unit_of_time(cells.front());
        is_plain_ = cells.front() == "time_us";
        for (const auto& cell : cells) titles_.emplace_back(cell);
        if (time_us_ || (sample_us_ && !base::lower(cells.front()).starts_with("time"))) {
            return base::Done{};
        }
        return malformed(
            fmt::format("line {} is neither time_us,level nor a header with the unit of its time "
                        "(\"Time [s]\") or below a sample rate",
                        number));
    }

    base::Status accept_row(const Cells& cells, std::size_t number) {
        const std::size_t first = has_time() ? 1 : 0;
        if (width_ == 0) width_ = is_plain_ ? 1 : cells.size() - std::min(first, cells.size());
        const auto time = has_time() ? number_in(cells.front()) : std::optional{0.0};
        if (!time || width_ == 0 || width_ > kChannelsMax || cells.size() != first + width_) {
            return no_row(number);
        }
        Row row{.time_us = time_of(*time)};
        if (std::abs(row.time_us) >= kLatest_us) return no_row(number);
        for (std::size_t i = 0; i < width_; ++i) {
            const auto& level = cells[first + i];
            const auto bit = std::uint64_t{1} << i;
            const bool is_unknown = !is_plain_ && (level == "X" || level == "x");
            if (level != "0" && level != "1" && !is_unknown) return no_row(number);
            if (level == "1" ||
                (is_unknown && !rows_.empty() && (rows_.back().levels & bit) != 0)) {
                row.levels |= bit;
            }
        }
        return add(row, number);
    }

    double time_of(double written) {
        const auto us = is_plain_  ? written
                        : time_us_ ? written * *time_us_
                                   : static_cast<double>(samples_++) * *sample_us_;
        return is_plain_ ? us : std::round(us * 1000) / 1000;
    }

    base::Status add(const Row& row, std::size_t number) {
        if (!rows_.empty() && row.time_us < rows_.back().time_us) {
            return malformed(fmt::format("line {} is earlier than the one before", number));
        }
        if (!rows_.empty()) {
            const auto changed = row.levels ^ rows_.back().levels;
            if (changed == 0 && !is_plain_) return base::Done{};
            changed_ |= changed;
        }
        if (rows_.size() == kChangesMax) {
            return base::Error{base::Fault::exhausted,
                               fmt::format("more than {} edges", kChangesMax)};
        }
        rows_.push_back(row);
        return base::Done{};
    }

    base::Error no_row(std::size_t number) const {
        return malformed(fmt::format("line {} is not {}", number,
                                     is_plain_    ? "time_us,level"
                                     : has_time() ? "a time and the levels of the channels"
                                                  : "a row of levels"));
    }

    base::Error no_single_channel() const {
        std::string names;
        for (std::size_t i = 0; i < width_; ++i) {
            if ((changed_ >> i & 1U) == 0) continue;
            const auto at = i + (has_time() ? 1 : 0);
            names += names.empty() ? "" : ", ";
            names += at < titles_.size() ? titles_[at] : fmt::format("column {}", at + 1);
        }
        if (names.empty()) return malformed("no channel changes");
        return malformed(
            fmt::format("several channels change ({}): export the one of the sensor", names));
    }

    std::optional<double> sample_us_;  // Between two rows without a time.
    std::optional<double> time_us_;    // The unit of the time column.
    bool is_plain_ = false;            // time_us,level
    std::vector<std::string> titles_;
    std::size_t width_ = 0;  // Channels; 0 until the first row.
    std::size_t samples_ = 0;
    std::uint64_t changed_ = 0;  // A bit for each channel.
    std::vector<Row> rows_;
};

}  // namespace

base::Result<std::vector<dht::LevelChange>> read_changes(std::istream& csv) {
    Reader reader;
    std::array<char, kRowBytesMax> buffer{};
    std::size_t number = 1;
    for (; csv.getline(buffer.data(), buffer.size()); ++number) {
        if (auto status = reader.accept(buffer.data(), number); !status) return status.error();
    }
    if (!csv.eof()) return malformed(fmt::format("line {} is too long", number));
    return reader.changes();
}

}  // namespace drivers::recordings
