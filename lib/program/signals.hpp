#pragma once

namespace program {

/// What is asked of a running program: SIGTERM and SIGINT ask it to stop, SIGHUP to reload. Ignores
/// SIGPIPE and SIGXFSZ, so that a broken connection or a limit on file sizes is an error and not
/// the end. Make one at the start of main(), before any thread. Calls nothing: the main loop polls
/// it.
class StopSignals {
  public:
    /// Installs the handlers. A second SIGINT ends the program at once, for a user who presses
    /// Ctrl-C twice.
    StopSignals();

    bool stop_requested() const;

    /// True if there was a SIGHUP since the last call.
    bool take_reload();
};

}  // namespace program
