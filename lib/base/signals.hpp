#pragma once

namespace base {

/// What the outside asks of a running program: SIGTERM and SIGINT to stop, SIGHUP to reload. Also
/// ignores SIGPIPE and SIGXFSZ, so that a broken connection, or a limit on the size of files, is an
/// error and not the end. Make one at the start of main(), before any thread. Never calls anybody:
/// the main loop asks.
class StopSignals {
  public:
    /// A second SIGINT ends the program at once: whoever presses Ctrl-C twice means it.
    StopSignals();

    bool stop_requested() const;

    /// True once for any number of SIGHUPs since the last call.
    bool take_reload();
};

}  // namespace base
