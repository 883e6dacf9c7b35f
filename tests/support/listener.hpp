#pragma once

namespace support {

/// A TCP socket that listens on 127.0.0.1, for servers that tests write themselves. Throws when it
/// cannot.
class Listener {
  public:
    /// On a free port when it is 0.
    explicit Listener(int port = 0);
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    int port() const { return port_; }

    /// A new connection, to be closed by the caller; -1 when none came within a few milliseconds.
    int accept() const;

  private:
    int descriptor_ = -1;
    int port_ = 0;
};

/// Whether there is something to read, within a few milliseconds.
bool is_readable(int descriptor);

}  // namespace support
