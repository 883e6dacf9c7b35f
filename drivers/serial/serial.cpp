#include "drivers/serial/serial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/log.hpp"
#include "drivers/core/names.hpp"

namespace drivers::serial {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;

// A full read of the shortest pairs ("a=1 ") after the longest line is less than may be pending.
constexpr std::size_t kReadBytes = 1024;
constexpr std::size_t kReadsMax = 8;
constexpr std::size_t kPendingMax = 2048;
constexpr std::size_t kCollectMax = 1024;

constexpr base::BackoffOptions kBackoff{.first = milliseconds{500}, .longest = seconds{5}};

}  // namespace

base::Result<std::unique_ptr<drivers::Driver>> Driver::open(const Options& options,
                                                            const Surroundings& surroundings) {
    std::unique_ptr<Driver> driver(new Driver(options, surroundings));
    const auto connected = driver->connect(surroundings.clock.instant());
    if (!connected && connected.error().fault == base::Fault::misconfigured) {
        return connected.error();
    }
    return std::unique_ptr<drivers::Driver>(std::move(driver));
}

Driver::Driver(const Options& options, const Surroundings& surroundings)
    : options_(options),
      fields_(options.fields),
      pending_(kPendingMax),
      backoff_(kBackoff, surroundings.seed),
      try_at_(surroundings.clock.instant()),
      heard_(surroundings.clock.instant()) {}

Harvest Driver::collect(base::Instant now, std::size_t measurements_max) {
    const auto most = std::min(measurements_max, kCollectMax);
    if (!port_) reconnect(now);
    if (port_) read(now, most);
    watch_silence(now);
    for (auto& failure : complaints_.take(now)) pending_.add(std::move(failure));
    return pending_.take(now, most);
}

// ---- the port ----------------------------------------------------------------------------------

base::Status Driver::connect(base::Instant now) {
    auto port = Port::open(options_.port);
    if (!port) {
        try_at_ = now + backoff_.next();
        // The same reason is repeated only by watch_silence().
        if (trouble_.is_due(port.error().detail, now)) fail(port.error().detail, now);
        return port.error();
    }
    port_ = std::move(port).value();
    trouble_.clear();
    backoff_.reset();
    heard_ = now;
    base::log_info("serial port is open", {{"port", options_.port.path}});
    return base::Done{};
}

void Driver::reconnect(base::Instant now) {
    if (now >= try_at_) static_cast<void>(connect(now));
}

void Driver::disconnect(const std::string& why, base::Instant now) {
    port_.reset();
    lines_.reset();
    is_joining_ = true;
    continuity_.reopened();
    trouble_.note(fmt::format("unplugged: {}", options_.port.path), now);
    fail(trouble_.said(), now);
    try_at_ = now + backoff_.next();
    base::log_warn("serial port is gone", {{"port", options_.port.path}, {"reason", why}});
}

/// Reads no more than can be handed on. The rest waits in the kernel and is not lost.
void Driver::read(base::Instant now, std::size_t measurements_max) {
    std::array<char, kReadBytes> bytes{};
    for (std::size_t i = 0; i < kReadsMax && pending_.size() < measurements_max; ++i) {
        const auto count = port_->read(bytes);
        if (!count) return disconnect(count.error().detail, now);
        if (count.value() == 0) return;
        accept(std::string_view{bytes.data(), count.value()}, now);
    }
}

// ---- the lines ---------------------------------------------------------------------------------

void Driver::accept(std::string_view bytes, base::Instant now) {
    for (const auto& line : lines_.feed(bytes)) accept(line, now);
    const auto losses = lines_.take_losses();
    if (losses.noise_bytes > 0) complaints_.add("noise", {}, now, losses.noise_bytes);
    if (losses.overlong_lines > 0) {
        complaints_.add("line too long", {}, now, losses.overlong_lines);
    }
}

void Driver::accept(const Line& line, base::Instant now) {
    heard_ = now;
    const bool is_first = std::exchange(is_joining_, false);
    const auto decoded = decode_line(line);
    if (decoded) return accept(decoded.value(), now);
    if (is_first) {
        // The port was opened in the middle of a line: that is not a fault.
        base::log_info("dropped the first line, which is not whole",
                       {{"port", options_.port.path}, {"line", shown(line.text)}});
        return;
    }
    complaints_.add(line.torn ? "not whole" : "not understood", line.text, now);
}

void Driver::accept(const DecodedLine& line, base::Instant now) {
    if (!is_new(line, now)) return;
    for (const auto& value : line.values) accept(value, now);
    for (const auto& fault : line.faults) fail(shown(fault), now);
    for (const auto& refused : line.refused) complaints_.add(refused, {}, now);
}

void Driver::accept(const DecodedLine::Value& value, base::Instant now) {
    const auto place = fields_.find(value.key);
    if (!place) return complaints_.add(place.error().detail, {}, now);
    if (!place.value()) return;
    if (!value.value) {
        return complaints_.add(fmt::format("{}: no number", shown(value.key)), {}, now);
    }
    pending_.add(Measurement{.quantity = place.value()->quantity,
                             .value = place.value()->scale.apply(*value.value),
                             .taken = now,
                             .source_time = std::nullopt});
}

/// False for a line that came before. Reports missing lines and restarts.
bool Driver::is_new(const DecodedLine& line, base::Instant now) {
    const auto observed = continuity_.observe(line.number, line.boot.has_value());
    if (observed.restarted) {
        fail(fmt::format("board restarted ({} since the start): {}", ++restarts_,
                         shown(line.boot.value_or("its numbers begin anew"))),
             now);
    }
    if (observed.missing > 0) {
        missing_ += observed.missing;
        fail(fmt::format("{} lines missing ({} since the start)", observed.missing, missing_), now);
    }
    if (observed.repeated) complaints_.add("the same line number twice", {}, now);
    return !observed.repeated;
}

void Driver::watch_silence(base::Instant now) {
    if (options_.silence <= base::Duration::zero() || now - heard_ < options_.silence) return;
    const auto waited = duration_cast<seconds>(options_.silence).count();
    fail(port_ ? fmt::format("silent: no line for {} s", waited) : trouble_.said(), now);
    heard_ = now;
}

void Driver::fail(std::string reason, base::Instant now) {
    pending_.add(Failure{.reason = std::move(reason), .taken = now, .edges_us = {}});
}

DriverKind kind() {
    return {.name = "serial",
            .sentence = "An Arduino, or any board that writes lines to a serial port",
            .sample = {},
            .default_period = base::Duration::zero(),
            .make =
                [](base::Settings& settings, const Surroundings& surroundings) {
                    return Driver::open(read_options(settings), surroundings);
                },
            .read_settings = [](base::Settings& settings) { read_options(settings); }};
}

}  // namespace drivers::serial
