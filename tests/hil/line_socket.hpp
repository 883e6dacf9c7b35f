#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"

namespace hil {

/// A Unix socket that speaks in lines, as QEMU's monitor, test protocol and serial ports do.
class LineSocket {
  public:
    /// Connects as soon as a server listens there; throws if none does in time.
    explicit LineSocket(const std::string& path);
    ~LineSocket();
    LineSocket(const LineSocket&) = delete;
    LineSocket& operator=(const LineSocket&) = delete;

    /// Throws when the other end is gone, as next() does.
    void send(const std::string& line) const;

    /// The next line without its end; nothing if none comes in time.
    std::optional<std::string> next(base::Duration patience);

  private:
    std::optional<std::string> take_line();

    int socket_ = -1;
    std::string received_;
};

}  // namespace hil
