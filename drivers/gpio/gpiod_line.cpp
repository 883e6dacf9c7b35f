// The one place that knows libgpiod.
#include <fcntl.h>
#include <fmt/format.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <gpiod.hpp>
#include <optional>
#include <system_error>
#include <utility>

#include "drivers/gpio/open_line.hpp"

namespace drivers {

namespace {

constexpr std::size_t kNamesShown = 8;
constexpr std::size_t kEdgesARead = 64;

base::Error misconfigured(std::string detail) {
    return {base::Fault::misconfigured, std::move(detail)};
}

/// A device that may come, or a line that may become free, without any change of the settings.
base::Error transient(std::string detail) {
    return {base::Fault::transient, std::move(detail)};
}

/// Exceptions end here.
template <class Function>
auto guarded(const std::string& doing, Function function) -> decltype(function()) {
    try {
        return function();
    } catch (const std::system_error& error) {
        return base::Error{base::Fault::transient,
                           fmt::format("{}: {}", doing, error.code().message())};
    } catch (const std::exception& error) {
        return base::Error{base::Fault::transient, fmt::format("{}: {}", doing, error.what())};
    }
}

std::int64_t monotonic_ns() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

gpiod::line::bias bias_of(LineMode::Bias bias) {
    switch (bias) {
        case LineMode::Bias::pull_up:
            return gpiod::line::bias::PULL_UP;
        case LineMode::Bias::pull_down:
            return gpiod::line::bias::PULL_DOWN;
        case LineMode::Bias::none:
            break;
    }
    return gpiod::line::bias::DISABLED;
}

gpiod::line::edge edge_of(LineMode::Edges edges) {
    switch (edges) {
        case LineMode::Edges::falling:
            return gpiod::line::edge::FALLING;
        case LineMode::Edges::both:
            return gpiod::line::edge::BOTH;
        case LineMode::Edges::none:
            break;
    }
    return gpiod::line::edge::NONE;
}

gpiod::line::value value_of(bool level) {
    return level ? gpiod::line::value::ACTIVE : gpiod::line::value::INACTIVE;
}

gpiod::line_settings settings_of(const LineMode& mode) {
    gpiod::line_settings settings;
    if (mode.direction == LineMode::Direction::output) {
        settings.set_direction(gpiod::line::direction::OUTPUT);
        settings.set_output_value(value_of(mode.level));
        return settings;
    }
    settings.set_direction(gpiod::line::direction::INPUT);
    settings.set_bias(bias_of(mode.bias));
    settings.set_edge_detection(edge_of(mode.edges));
    if (mode.debounce.count() > 0) settings.set_debounce_period(mode.debounce);
    return settings;
}

class GpiodLine final : public Line {
  public:
    GpiodLine(gpiod::line_request request, gpiod::line::offset offset)
        : request_(std::move(request)), offset_(offset), buffer_(kEdgesARead) {}

    base::Status configure(const LineMode& mode) override {
        return guarded("configure", [&]() -> base::Status {
            request_.reconfigure_lines(config_of(mode));
            return base::Done{};
        });
    }

    base::Status set(bool level) override {
        return guarded("set", [&]() -> base::Status {
            request_.set_value(offset_, value_of(level));
            return base::Done{};
        });
    }

    base::Result<bool> level() override {
        return guarded("read", [&]() -> base::Result<bool> {
            return request_.get_value(offset_) == gpiod::line::value::ACTIVE;
        });
    }

    base::Result<Edges> wait(std::chrono::microseconds patience) override {
        return guarded("wait for edges", [&]() -> base::Result<Edges> {
            Edges result;
            if (request_.wait_edge_events(patience)) read_waiting(result);
            result.read_ns = monotonic_ns();
            return result;
        });
    }

  private:
    /// Prepared once and kept: a sensor answers 20 to 40 µs after it is let go, so that nothing but
    /// the system call may stand between.
    const gpiod::line_config& config_of(const LineMode& mode) {
        const auto known = std::find_if(configs_.begin(), configs_.end(),
                                        [&](const auto& entry) { return entry.first == mode; });
        if (known != configs_.end()) return known->second;
        gpiod::line_config config;
        config.add_line_settings(offset_, settings_of(mode));
        configs_.emplace_back(mode, std::move(config));
        return configs_.back().second;
    }

    void read_waiting(Edges& result) {
        do {
            request_.read_edge_events(buffer_);
            for (const auto& event : buffer_) add(event, result);
        } while (request_.wait_edge_events(std::chrono::nanoseconds{0}) &&
                 result.edges.size() < kEdgesAWait);
    }

    void add(const gpiod::edge_event& event, Edges& result) {
        const auto number = event.line_seqno();
        // Only a full buffer leaves a hole in the numbers; edges that merge before they are
        // numbered leave none.
        if (number > next_number_) result.lost += number - next_number_;
        next_number_ = number + 1;
        result.edges.push_back(
            {.time_ns = static_cast<std::int64_t>(event.timestamp_ns().ns()),
             .rising = event.type() == gpiod::edge_event::event_type::RISING_EDGE});
    }

    // A line that never rests must not hold the reader for ever.
    static constexpr std::size_t kEdgesAWait = 1024;

    gpiod::line_request request_;
    gpiod::line::offset offset_;
    gpiod::edge_event_buffer buffer_;
    std::vector<std::pair<LineMode, gpiod::line_config>> configs_;
    unsigned long next_number_ = 1;
};

/// A line that was found, before it is asked for.
struct Place {
    std::filesystem::path chip;
    unsigned offset = 0;
};

/// What the search saw, for the message when it finds nothing.
struct Seen {
    std::vector<Place> places;
    std::vector<std::string> chips;   // Labels.
    std::vector<std::string> lines;   // Names.
    std::vector<std::string> closed;  // Chips that may not be opened.
};

void look_into(const gpiod::chip& chip, const LineAddress& address, Seen& seen) {
    const auto info = chip.get_info();
    seen.chips.push_back(info.label());
    if (!address.name.empty()) {
        for (unsigned offset = 0; offset < info.num_lines(); ++offset) {
            const auto name = chip.get_line_info(offset).name();
            if (name.empty()) continue;
            if (name == address.name) seen.places.push_back({chip.path(), offset});
            seen.lines.push_back(name);
        }
        return;
    }
    const auto& labels = address.labels;
    if (std::find(labels.begin(), labels.end(), info.label()) == labels.end()) return;
    if (address.offset < info.num_lines()) seen.places.push_back({chip.path(), address.offset});
}

Seen look_around(const LineOptions& options) {
    Seen seen;
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(options.devices)) {
        // Links ("/dev/gpiochip4" on a Raspberry Pi 5) would show a chip twice.
        if (entry.is_symlink() || !entry.path().filename().string().starts_with("gpiochip"))
            continue;
        if (gpiod::is_gpiochip_device(entry.path())) paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    for (const auto& path : paths) {
        try {
            look_into(gpiod::chip(path), options.address, seen);
        } catch (const std::system_error& error) {
            if (error.code() != std::errc::permission_denied) throw;
            seen.closed.push_back(path.string());
        }
    }
    return seen;
}

std::string joined(std::vector<std::string> words) {
    words.resize(std::min(words.size(), kNamesShown));
    return fmt::format("{}", fmt::join(words, ", "));
}

base::Error not_found(const LineOptions& options, const Seen& seen) {
    const auto& address = options.address;
    if (!seen.closed.empty()) {
        return misconfigured(
            fmt::format("no permission for {}: add the user to the group gpio "
                        "(usermod -aG gpio USER) and log in again",
                        joined(seen.closed)));
    }
    if (seen.chips.empty()) {
        return transient(
            fmt::format("no GPIO chip in {}: is this a board with GPIO?", options.devices));
    }
    if (!address.name.empty()) {
        return misconfigured(
            fmt::format("no line is called {}; the nearest are {}; or say "
                        "header_pin, or chip label and number",
                        address.written, joined(nearest_first(address.name, seen.lines))));
    }
    return misconfigured(fmt::format("{} is on no chip; wanted {}, found {}", address.written,
                                     joined(address.labels),
                                     joined(nearest_first(address.labels.front(), seen.chips))));
}

/// Whom the line belongs to. A device tree overlay names the kernel's driver.
base::Error busy(const LineOptions& options, const gpiod::chip& chip, const Place& place) {
    const auto owner = chip.get_line_info(place.offset).consumer();
    return transient(
        fmt::format("{} is in use by \"{}\": another program (see gpioinfo), or an overlay in "
                    "/boot/firmware/config.txt",
                    options.address.written, owner));
}

base::Result<std::unique_ptr<Line>> request(const LineOptions& options, const Place& place) {
    gpiod::chip chip(place.chip);
    try {
        auto request = chip.prepare_request()
                           .set_consumer(options.consumer)
                           .set_event_buffer_size(options.edges_max)
                           .add_line_settings(place.offset, settings_of(options.mode))
                           .do_request();
        return std::unique_ptr<Line>(std::make_unique<GpiodLine>(std::move(request), place.offset));
    } catch (const std::system_error& error) {
        if (error.code() == std::errc::device_or_resource_busy) return busy(options, chip, place);
        return misconfigured(fmt::format("{} cannot be used as asked: {}", options.address.written,
                                         error.code().message()));
    }
}

}  // namespace

base::Result<std::unique_ptr<Line>> open_line(const LineOptions& options) {
    if (options.address.name.empty() && options.address.labels.empty()) {
        return misconfigured("no line is named");
    }
    return guarded("GPIO", [&]() -> base::Result<std::unique_ptr<Line>> {
        const auto seen = look_around(options);
        if (seen.places.empty()) return not_found(options, seen);
        if (seen.places.size() > 1) {
            return misconfigured(
                fmt::format("{} is on several chips ({}); write chip label and "
                            "number",
                            options.address.written, joined(seen.chips)));
        }
        return request(options, seen.places.front());
    });
}

}  // namespace drivers
