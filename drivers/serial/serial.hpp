#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/backoff.hpp"
#include "base/reminder.hpp"
#include "drivers/core/pending.hpp"
#include "drivers/core/registry.hpp"
#include "drivers/serial/complaints.hpp"
#include "drivers/serial/continuity.hpp"
#include "drivers/serial/devices.hpp"
#include "drivers/serial/options.hpp"
#include "drivers/serial/text/decode.hpp"
#include "drivers/serial/text/lines.hpp"

namespace drivers::serial {

/// An Arduino, or any board that writes its readings as lines to a serial port. Needs no thread: it
/// only reads what has arrived. Opens an absent port again and again until it is there.
class Driver final : public drivers::Driver {
  public:
    /// Fails only if waiting does not help: the path is not a serial port.
    static base::Result<std::unique_ptr<drivers::Driver>> open(const Options& options,
                                                               const Surroundings& surroundings);

    const std::vector<Quantity>& quantities() const override { return fields_.quantities(); }
    void trigger(base::Instant) override {}
    Harvest collect(base::Instant now, std::size_t measurements_max) override;

  private:
    Driver(const Options& options, const Surroundings& surroundings);

    base::Status connect(base::Instant now);
    void reconnect(base::Instant now);
    void disconnect(const std::string& why, base::Instant now);

    void read(base::Instant now, std::size_t measurements_max);
    void accept(std::string_view bytes, base::Instant now);
    void accept(const Line& line, base::Instant now);
    void accept(DecodedLine decoded, const Line& line, base::Instant now);
    void refuse(const Line& line, const std::string& why, base::Instant now);
    void pass_over(const std::string& remark, base::Instant now);
    bool is_ignored(const DecodedLine& decoded, const Line& line) const;
    std::optional<std::string_view> without_ignored(std::string_view line) const;
    bool is_new(const DecodedLine& line, base::Instant now);
    void watch_silence(base::Instant now);
    void fail(Failure failure);

    Options options_;
    Fields fields_;
    Devices devices_;
    Lines lines_;
    Continuity continuity_;
    Complaints complaints_;
    Pending pending_;

    std::optional<Port> port_;
    base::Backoff backoff_;
    base::Instant try_at_;
    base::Reminder trouble_;  // Why there is no port.
    base::Instant heard_;     // When a line last said something, or silence was last reported.
    std::string remark_;      // The last line without a number since then.
    bool is_joining_ = true;  // No line has come since the port was opened.
    std::uint64_t missing_ = 0;
    std::uint64_t restarts_ = 0;
};

/// For the registry.
DriverKind kind();

}  // namespace drivers::serial
