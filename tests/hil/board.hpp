#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hil/pins.hpp"
#include "support/process.hpp"
#include "support/temporary_folder.hpp"

namespace hil {

/// Ends the program, so that ctest reports it as skipped, when prepare.sh could not make a board
/// here.
void skip_without_board();

struct BoardOptions {
    std::string scene;               // What guest/init does.
    std::vector<std::string> words;  // "NAME=value", for its environment.

    /// An instruction takes one nanosecond, and idle time none. That is exact however busy this
    /// machine is, but the board's time is then not the time outside.
    bool own_time = false;
};

/// An arm64 board with Debian's kernel in QEMU, switched on by the constructor. Switched off, as by
/// a power cut, at the end of its scope.
class Board {
  public:
    explicit Board(const BoardOptions& options);

    /// Its pins; the first call finds them.
    Pins& pins();

    /// What it wrote on its console so far.
    std::string console() const;
    /// What guest/init and its programs reported for people: "up after 1.5 s, Linux …; done after
    /// …".
    std::string told() const;
    /// Waits until it has written the text.
    bool says(const std::string& text, base::Duration patience = std::chrono::seconds{60});
    /// Types a line on its console.
    void type(const std::string& line);

    bool running() { return qemu_->running(); }
    /// Waits until it has switched itself off.
    bool ends(base::Duration patience = std::chrono::seconds{60});

  private:
    std::string find_pins() const;

    support::TemporaryFolder folder_;
    std::optional<support::Process> qemu_;
    std::unique_ptr<Pins> pins_;
};

}  // namespace hil
