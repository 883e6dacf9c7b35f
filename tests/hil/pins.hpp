#pragma once

#include <deque>
#include <optional>
#include <string>

#include "hil/line_socket.hpp"

namespace hil {

/// What the board did to one of its outputs.
struct OutputChange {
    unsigned line = 0;
    bool level = false;
};

/// The board's pins (its PL061 chip), seen from outside: drives inputs, watches outputs. The board
/// runs on meanwhile, at its own pace.
class Pins {
  public:
    /// Over QEMU's test protocol, at the device that its monitor calls by this path.
    Pins(const std::string& socket, std::string device);

    void set(unsigned line, bool level);

    /// The next change of an output; nothing if none comes in time.
    std::optional<OutputChange> next(base::Duration patience);

  private:
    void command(const std::string& text);
    bool take_change(const std::string& line);

    LineSocket socket_;
    std::string device_;
    std::deque<OutputChange> changes_;
};

}  // namespace hil
