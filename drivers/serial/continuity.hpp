#pragma once

#include <cstdint>
#include <optional>

namespace drivers::serial {

/// Watches the numbers of a board's lines for missing lines and restarts. Knows no clock. A board
/// counts from 0 or 1, and may wrap at 8, 16 or 32 bits.
class Continuity {
  public:
    struct Observation {
        bool repeated = false;      // The line came before: it must not count twice.
        bool restarted = false;     // The board restarted while the port was open.
        std::uint64_t missing = 0;  // Lines that are missing before this one.

        bool operator==(const Observation&) const = default;
    };

    /// A line came, with its number if it has one; `booted` if it says that the board has just
    /// started.
    Observation observe(std::optional<std::uint64_t> number, bool booted);

    /// The port was opened again. That resets many boards, so a restart is not news then.
    void reopened() { fresh_ = true; }

  private:
    Observation compare(std::uint64_t previous, std::uint64_t number, bool fresh) const;

    std::optional<std::uint64_t> last_;
    bool fresh_ = true;  // Nothing came since the port was opened.
};

}  // namespace drivers::serial
