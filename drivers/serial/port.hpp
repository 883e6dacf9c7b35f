#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/result.hpp"

namespace drivers::serial {

struct PortOptions {
    std::string path;
    std::int64_t baud = 115200;  // One of kBauds.
    std::string devices = "/dev";
};

/// The speeds that termios knows by name, and boards use.
std::span<const std::int64_t> bauds();

/// A serial port opened for reading: raw, eight bits, no parity, one stop bit, no flow control. Its
/// calls never wait. Closing it does not reset the board.
class Port {
  public:
    /// Transient for what may come right by itself, misconfigured for what is no serial port; the
    /// detail says what to do.
    static base::Result<Port> open(const PortOptions& options);

    ~Port();
    Port(Port&& other) noexcept;
    Port& operator=(Port&& other) noexcept;

    /// How many bytes have come, 0 when none. Transient when the port is gone.
    base::Result<std::size_t> read(std::span<char> bytes) const;

  private:
    explicit Port(int file) : file_(file) {}

    int file_;
};

}  // namespace drivers::serial
