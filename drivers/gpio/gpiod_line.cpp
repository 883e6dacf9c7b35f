#include <fcntl.h>
#include <fmt/format.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <gpiod.hpp>
#include <optional>
#include <system_error>
#include <utility>

#include "drivers/gpio/gpiod_settings.hpp"
#include "drivers/gpio/guarded.hpp"
#include "drivers/gpio/open_line.hpp"
#include "drivers/gpio/place.hpp"

namespace drivers::gpio {

namespace {

constexpr std::size_t kEdgesARead = 64;
constexpr std::int64_t kApartNs = 1'000'000'000;  // Between two tries to get a line back.

base::Error misconfigured(std::string detail) {
    return {base::Fault::misconfigured, std::move(detail)};
}

/// A device may appear, or a line become free, without a change of the settings.
base::Error transient(std::string detail) {
    return {base::Fault::transient, std::move(detail)};
}

std::int64_t monotonic_ns() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

base::Error chip_is_gone(const LineOptions& options) {
    return transient(fmt::format("{}: its chip is gone; plugged in again, it is found again",
                                 options.address.written));
}

base::Result<gpiod::line_request> request(const LineOptions& options, const Place& place);
base::Result<Place> find(const LineOptions& options);

/// Requests its line again after the chip was unplugged, so that its user need not know.
class GpiodLine final : public Line {
  public:
    GpiodLine(LineOptions options, gpiod::line_request request, gpiod::line::offset offset)
        : options_(std::move(options)),
          request_(std::move(request)),
          offset_(offset),
          buffer_(kEdgesARead) {}

    base::Status configure(const LineMode& mode) override {
        return asked("configure", [&]() -> base::Status {
            request_->reconfigure_lines(config_of(mode));
            return base::Done{};
        });
    }

    base::Status set(bool level) override {
        return asked("set", [&]() -> base::Status {
            request_->set_value(offset_, value_of(level));
            return base::Done{};
        });
    }

    base::Result<bool> level() override {
        return asked("read", [&]() -> base::Result<bool> {
            return request_->get_value(offset_) == gpiod::line::value::ACTIVE;
        });
    }

    base::Result<Edges> wait(std::chrono::microseconds patience) override {
        return asked("wait for edges", [&]() -> base::Result<Edges> {
            Edges result;
            if (request_->wait_edge_events(patience)) read_waiting(result);
            result.read_ns = monotonic_ns();
            return result;
        });
    }

  private:
    template <class Function>
    auto asked(const std::string& doing, Function function) -> decltype(function()) {
        if (!request_) {
            if (const auto back = request_again(); !back) return back.error();
        }
        return guarded(doing, [&]() -> decltype(function()) {
            try {
                return function();
            } catch (const std::system_error& error) {
                if (error.code() != std::errc::no_such_device) throw;
                request_.reset();
                return chip_is_gone(options_);
            }
        });
    }

    /// Requests the line again as it was first requested, at most once a second.
    base::Status request_again() {
        const auto now = monotonic_ns();
        if (now < next_try_ns_) return chip_is_gone(options_);
        next_try_ns_ = now + kApartNs;
        return guarded("GPIO", [&]() -> base::Status {
            const auto place = find(options_);
            if (!place) return place.error();
            auto again = request(options_, place.value());
            if (!again) return again.error();
            request_.emplace(std::move(again).value());
            offset_ = place.value().offset;
            configs_.clear();
            next_number_ = 1;
            return base::Done{};
        });
    }

    /// Prepared once and kept. A sensor answers 20 to 40 µs after the line is released, so nothing
    /// but the system call may lie in between.
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
            request_->read_edge_events(buffer_);
            for (const auto& event : buffer_) add(event, result);
        } while (request_->wait_edge_events(std::chrono::nanoseconds{0}) &&
                 result.edges.size() < kEdgesAWait);
    }

    void add(const gpiod::edge_event& event, Edges& result) {
        const auto number = event.line_seqno();
        // Only a full buffer leaves a gap in the numbers. Edges merge before they are numbered and
        // leave none.
        if (number > next_number_) result.lost += number - next_number_;
        next_number_ = number + 1;
        result.edges.push_back(
            {.time_ns = static_cast<std::int64_t>(event.timestamp_ns().ns()),
             .rising = event.type() == gpiod::edge_event::event_type::RISING_EDGE});
    }

    // A line that never rests must not keep the reader for ever.
    static constexpr std::size_t kEdgesAWait = 1024;

    LineOptions options_;
    std::optional<gpiod::line_request> request_;  // Nothing while the chip is gone.
    gpiod::line::offset offset_;
    gpiod::edge_event_buffer buffer_;
    std::vector<std::pair<LineMode, gpiod::line_config>> configs_;
    unsigned long next_number_ = 1;
    std::int64_t next_try_ns_ = 0;
};

/// The kernel's other reasons. A chip that was just unplugged may come back.
base::Error refusal(const LineOptions& options, const std::error_code& code) {
    const auto& written = options.address.written;
    if (code == std::errc::no_such_device) return chip_is_gone(options);
    if (code == std::errc::no_such_device_or_address &&
        options.mode.edges != LineMode::Edges::none) {
        return misconfigured(
            fmt::format("{} reports no edges (no interrupt): take another line", written));
    }
    return misconfigured(fmt::format("{} cannot be used as asked: {}", written, code.message()));
}

base::Result<gpiod::line_request> request(const LineOptions& options, const Place& place) {
    gpiod::chip chip(place.chip);
    try {
        return chip.prepare_request()
            .set_consumer(options.consumer)
            .set_event_buffer_size(options.edges_max)
            .add_line_settings(place.offset, settings_of(options.mode))
            .do_request();
    } catch (const std::system_error& error) {
        if (error.code() == std::errc::device_or_resource_busy) {
            return line_in_use(options.address, chip.get_line_info(place.offset).consumer());
        }
        return refusal(options, error.code());
    }
}

base::Result<Place> find(const LineOptions& options) {
    const auto survey = survey_chips(options.devices);
    if (!survey) return survey.error();
    return find_place(options.address, survey.value(), options.devices);
}

}  // namespace

base::Result<std::unique_ptr<Line>> open_line(const LineOptions& options) {
    if (options.address.name.empty() && options.address.labels.empty()) {
        return misconfigured("no line is named");
    }
    return guarded("GPIO", [&]() -> base::Result<std::unique_ptr<Line>> {
        const auto place = find(options);
        if (!place) return place.error();
        auto granted = request(options, place.value());
        if (!granted) return granted.error();
        return std::unique_ptr<Line>(
            std::make_unique<GpiodLine>(options, std::move(granted).value(), place.value().offset));
    });
}

}  // namespace drivers::gpio
