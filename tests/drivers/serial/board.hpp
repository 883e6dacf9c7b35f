#pragma once

#include <string>
#include <string_view>

#include "support/temporary_folder.hpp"

namespace serial_test {

/// A board on the other end of a pseudo-terminal, behind a path that stays the same when it is
/// unplugged and plugged in again, as one below /dev/serial/by-id does.
class Board {
  public:
    Board() { plug(); }
    ~Board() { unplug(); }
    Board(const Board&) = delete;
    Board& operator=(const Board&) = delete;

    std::string path() const { return folder_.file("ttyACM0"); }
    std::string folder() const { return folder_.path().string(); }

    void plug();
    void unplug();

    /// Returns when the bytes have arrived at the port. Throws when its buffer of 4 KiB is full.
    void say(std::string_view bytes);

    /// Bytes that the port has and nobody has read.
    std::size_t waiting() const;

  private:
    support::TemporaryFolder folder_;
    int host_ = -1;   // The end that the driver does not see.
    int board_ = -1;  // Kept open, so that closing the port does not hang up the board.
};

}  // namespace serial_test
