#pragma once

#include <cstdint>
#include <optional>

namespace drivers::serial {

/// Watches the numbers of a board's lines: which are missing, and when it begins anew. Knows no
/// clock. A board counts from 0 or 1, and may wrap at 8, 16 or 32 bits.
class Continuity {
  public:
    struct Seen {
        bool repeated = false;      // The line came before: it must not count twice.
        bool restarted = false;     // The board began anew while the port was open.
        std::uint64_t missing = 0;  // Lines that never came before this one.

        bool operator==(const Seen&) const = default;
    };

    /// A line came, with its number if it has one; `booted` when it says that the board has begun.
    Seen observe(std::optional<std::uint64_t> number, bool booted);

    /// The port was opened anew: many boards are reset by that, which is no news then.
    void reopened() { fresh_ = true; }

  private:
    Seen compare(std::uint64_t previous, std::uint64_t number, bool fresh) const;

    std::optional<std::uint64_t> last_;
    bool fresh_ = true;  // Nothing came since the port was opened.
};

}  // namespace drivers::serial
