#include "drivers/tables/rows/row_times.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "drivers/core/names.hpp"

namespace drivers::tables {

namespace {

using namespace std::chrono_literals;

/// Rows that are a little out of order do not mean that an hour begins again.
constexpr base::Duration kOutOfOrder = 1min;
constexpr base::Duration kSameChange = std::chrono::hours{24};

}  // namespace

base::Result<base::EventTime> RowTimes::place(std::string_view text) {
    const auto written = options_.time_format.read_written(text);
    if (!written) {
        const auto meant = options_.time_format.meant_by(text);
        return base::Error{
            base::Fault::malformed,
            fmt::format("no time: \"{}\"{}", shown(text),
                        meant.empty() ? "" : fmt::format("; is it time_format = \"{}\"?", meant))};
    }
    if (written->has_zone) return move_to(written->at, false);
    if (!zone_trouble_.empty()) {
        return base::Error{base::Fault::malformed,
                           fmt::format("no time: \"{}\": {}", shown(text), zone_trouble_)};
    }
    const auto instants = zone_.instants_of(written->at);
    if (!instants.first) {
        return base::Error{base::Fault::malformed,
                           fmt::format("no time: \"{}\": clocks in {} were put forward over it",
                                       shown(text), zone_.name())};
    }
    const auto time = instants.second ? choose(instants, text) : *instants.first;
    if (time < base::EventTime{} || time >= kTimesEnd) {
        return base::Error{base::Fault::malformed, fmt::format("no time: \"{}\"", shown(text))};
    }
    return move_to(time, instants.second.has_value());
}

void RowTimes::set_zone(const std::optional<TimeZone>& zone, std::string trouble) {
    zone_ = zone ? *zone : options_.time_zone;
    zone_trouble_ = std::move(trouble);
}

void RowTimes::restore(std::optional<base::EventTime> previous,
                       std::optional<base::Duration> step) {
    previous_ = previous;
    step_ = step;
}

base::EventTime RowTimes::choose(const Instants& instants, std::string_view text) {
    if (!told_ || *instants.first - *told_ > kSameChange ||
        *told_ - *instants.first > kSameChange) {
        notes_.push_back(fmt::format(
            "\"{}\" comes twice in {}, where clocks were put back: rows count as the first one "
            "until their times go back",
            shown(text), zone_.name()));
        told_ = instants.first;
    }
    if (!previous_) return *instants.first;
    const auto distance = *instants.second - *instants.first;
    const auto back = *previous_ - *instants.first;
    if (back >= kOutOfOrder) return *instants.second;
    // Rows that are far apart do not go back: the one counts that keeps their distance. Those that
    // are close together may share a time.
    if (!options_.by.empty() || !step_ || *step_ < distance) return *instants.first;
    const auto off = [&](base::EventTime time) {
        return std::chrono::abs(time - *previous_ - *step_);
    };
    return off(*instants.second) < off(*instants.first) ? *instants.second : *instants.first;
}

/// Remembers the row. Whether two rows of an hour that comes twice share a time is not known before
/// their distance is.
base::EventTime RowTimes::move_to(base::EventTime time, bool is_in_fold) {
    const auto distance = previous_ ? time - *previous_ : base::Duration{-1};
    if (distance > 0ms || (distance == 0ms && (step_ || !is_in_fold))) {
        step_ = std::min(step_.value_or(distance), distance);
    }
    previous_ = time;
    return time;
}

}  // namespace drivers::tables
