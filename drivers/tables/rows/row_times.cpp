#include "drivers/tables/rows/row_times.hpp"

#include <fmt/format.h>

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
    if (written->has_zone) return *(previous_ = written->at);
    const auto instants = options_.time_zone.instants_of(written->at);
    if (!instants.first) {
        return base::Error{base::Fault::malformed,
                           fmt::format("no time: \"{}\": clocks in {} were put forward over it",
                                       shown(text), options_.time_zone.name())};
    }
    const auto time = instants.second ? choose(instants, text) : *instants.first;
    if (time < base::EventTime{} || time >= kTimesEnd) {
        return base::Error{base::Fault::malformed, fmt::format("no time: \"{}\"", shown(text))};
    }
    return *(previous_ = time);
}

base::EventTime RowTimes::choose(const Instants& instants, std::string_view text) {
    if (!told_ || *instants.first - *told_ > kSameChange ||
        *told_ - *instants.first > kSameChange) {
        notes_.push_back(fmt::format(
            "\"{}\" comes twice in {}, where clocks were put back: rows count as the first one "
            "until their times go back",
            shown(text), options_.time_zone.name()));
        told_ = instants.first;
    }
    if (!previous_) return *instants.first;
    const auto back = *previous_ - *instants.first;
    // Rows of several series may share one time; rows of one series do not.
    const bool again = back == 0ms && options_.by.empty();
    return again || back >= kOutOfOrder ? *instants.second : *instants.first;
}

}  // namespace drivers::tables
