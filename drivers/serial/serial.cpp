#include "drivers/serial/serial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/log.hpp"
#include "base/text.hpp"
#include "drivers/core/names.hpp"
#include "drivers/serial/text/tokens.hpp"
#include "drivers/serial/text/vocabulary.hpp"

namespace drivers::serial {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::array<std::string_view, 5> kSensors{"Arduino", "Uno", "Nano", "ESP32", "ESP8266"};

// A full read of the shortest pairs ("a=1 ") after the longest line is less than may be pending.
constexpr std::size_t kReadBytes = 1024;
constexpr std::size_t kReadsMax = 8;
constexpr std::size_t kPendingMax = 2048;
constexpr std::size_t kCollectMax = 1024;

DeviceOptions device_options(const Options& options) {
    DeviceOptions devices{.by = options.by, .readings = {}, .ignored = options.fields.ignored};
    for (const auto& mapping : options.fields.mappings) devices.readings.push_back(mapping.key);
    return devices;
}

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
      devices_(device_options(options)),
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
        if (trouble_.is_due(port.error().detail, now)) {
            fail({.reason = port.error().detail, .taken = now, .cause = "no port"});
        }
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
    devices_.reset();
    is_joining_ = true;
    continuity_.reopened();
    trouble_.note(fmt::format("unplugged: {}", options_.port.path), now);
    fail({.reason = trouble_.said(), .taken = now, .cause = "unplugged"});
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
        fail({.reason = "line too long", .taken = now, .readings = losses.overlong_lines});
    }
}

void Driver::accept(const Line& line, base::Instant now) {
    const bool is_first = std::exchange(is_joining_, false);
    const auto decoded = decode_line(line, options_.lines);
    if (decoded) return accept(decoded.value(), line, now);
    if (is_first) {
        // The port was opened in the middle of a line: that is not a fault.
        heard_ = now;
        base::log_info("dropped the first line, which is not whole",
                       {{"port", options_.port.path}, {"line", shown(line.text)}});
        return;
    }
    refuse(line, decoded.error().detail, now);
}

/// Either all of the line counts or none of it, so that no number counts without its unit.
void Driver::accept(DecodedLine decoded, const Line& line, base::Instant now) {
    if (is_ignored(decoded, line)) return;
    if (!decoded.says_anything()) return pass_over(decoded.remark, now);
    heard_ = now;
    remark_.clear();
    if (!is_new(decoded, now)) return;
    const auto device = devices_.take(decoded);
    for (const auto& told : devices_.take_told()) complaints_.add(told, {}, now);
    if (!device) return refuse(line, device.error().detail, now);
    const auto readings = fields_.accept(decoded.values, device.value());
    if (!readings) return refuse(line, readings.error().detail, now);
    for (const auto& reading : readings.value().readings) {
        pending_.add(Measurement{.quantity = reading.quantity,
                                 .value = reading.value,
                                 .taken = now,
                                 .source_time = std::nullopt});
    }
    for (const auto& missing : readings.value().missing) {
        fail({.reason = missing.reason,
              .taken = now,
              .quantities = {missing.quantity},
              .cause = "no number"});
    }
    for (const auto& told : readings.value().told) complaints_.add(told, {}, now);
    for (const auto& fault : decoded.faults) {
        fail({.reason = shown(fault), .taken = now, .cause = "fault on the board"});
    }
    for (const auto& refused : decoded.refused) complaints_.add(refused, {}, now);
}

void Driver::refuse(const Line& line, const std::string& why, base::Instant now) {
    const auto rest = without_ignored(line.text);
    if (rest && !names_quantity(*rest)) return;
    heard_ = now;
    if (line.torn) {
        return fail({.reason = fmt::format("not whole: \"{}\"", shown(line.text)),
                     .taken = now,
                     .cause = "not whole"});
    }
    fail({.reason = fmt::format("not understood: \"{}\": {}", shown(line.text), why),
          .taken = now,
          .cause = "not understood"});
}

/// Words without a number ("Requesting temperatures...DONE") cost no reading. They are no sign of
/// life, either: a board that only talks is silent.
void Driver::pass_over(const std::string& remark, base::Instant now) {
    if (remark.empty()) return;
    remark_ = remark;
    complaints_.add("no reading in the line", remark, now);
}

/// Whether nothing of a line is left without the keys that are not readings.
bool Driver::is_ignored(const DecodedLine& decoded, const Line& line) const {
    const auto& ignored = options_.fields.ignored;
    const bool is_told = decoded.number || decoded.boot || !decoded.faults.empty();
    const bool is_left = std::any_of(decoded.values.begin(), decoded.values.end(),
                                     [&](const DecodedLine::Value& value) {
                                         return std::find(ignored.begin(), ignored.end(),
                                                          value.key) == ignored.end();
                                     }) ||
                         (is_told && !decoded.values.empty());
    return !decoded.is_json && !is_left && without_ignored(line.text);
}

/// What follows the key at the beginning of a line that is not a reading; nothing if none is there.
std::optional<std::string_view> Driver::without_ignored(std::string_view line) const {
    line = base::trimmed(line);
    for (const auto& ignored : options_.fields.ignored) {
        if (ignored.empty() || !line.starts_with(ignored)) continue;
        const auto rest = base::trimmed(line.substr(ignored.size()));
        if (rest.empty() || kSigns.find(rest.front()) != std::string_view::npos) return rest;
    }
    return std::nullopt;
}

/// False for a line that came before. Reports missing lines and restarts.
bool Driver::is_new(const DecodedLine& line, base::Instant now) {
    const auto observed = continuity_.observe(line.number, line.boot.has_value());
    if (observed.restarted) {
        fail({.reason = fmt::format("board restarted ({} since the start): {}", ++restarts_,
                                    shown(line.boot.value_or("its numbers begin anew"))),
              .taken = now,
              .readings = 0,
              .cause = "board restarted"});
    }
    if (observed.missing > 0) {
        missing_ += observed.missing;
        fail({.reason =
                  fmt::format("{} lines missing ({} since the start)", observed.missing, missing_),
              .taken = now,
              .readings = observed.missing,
              .cause = "lines missing"});
    }
    if (observed.repeated) complaints_.add("the same line number twice", {}, now);
    return !observed.repeated;
}

void Driver::watch_silence(base::Instant now) {
    if (options_.silence <= base::Duration::zero() || now - heard_ < options_.silence) return;
    const auto waited = duration_cast<seconds>(options_.silence).count();
    auto reason = port_ ? fmt::format("silent: no line for {} s", waited) : trouble_.said();
    if (port_ && !remark_.empty()) {
        reason =
            fmt::format("silent: no reading for {} s, only words: \"{}\"", waited, shown(remark_));
    }
    fail({.reason = std::move(reason), .taken = now, .cause = port_ ? "silent" : "no port"});
    heard_ = now;
}

void Driver::fail(Failure failure) {
    pending_.add(std::move(failure));
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
            .read_settings = [](base::Settings& settings) { read_options(settings); },
            .remedies = {},
            .sensors = kSensors,
            .claims =
                [](const base::Settings& settings) {
                    return std::vector<std::pair<std::string, std::string>>{
                        {"port", settings.written("port")}};
                }};
}

}  // namespace drivers::serial
