#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/result.hpp"

namespace drivers::serial {

struct PortOptions {
    std::string path;
    std::int64_t baud = 115200;  // One of bauds().
    std::string devices = "/dev";
};

/// The speeds that boards use and termios has names for.
std::span<const std::int64_t> bauds();

/// A serial port opened for reading: raw, eight bits, no parity, one stop bit, no flow control.
/// Never blocks. Closing it does not reset the board.
class Port {
  public:
    /// Transient for what may end by itself, misconfigured if it is not a serial port; the detail
    /// says what to do.
    static base::Result<Port> open(const PortOptions& options);

    ~Port();
    Port(Port&& other) noexcept;
    Port& operator=(Port&& other) noexcept;

    /// The number of bytes read, which may be 0. Transient when the port is gone.
    base::Result<std::size_t> read(std::span<char> bytes) const;

  private:
    explicit Port(int file) : file_(file) {}

    int file_;
};

}  // namespace drivers::serial
