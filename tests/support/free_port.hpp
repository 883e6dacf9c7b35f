#pragma once

namespace support {

/// A TCP port on 127.0.0.1 on which no program listens. It lies below the range from which the
/// kernel serves outgoing connections (32768 and up on Linux), so that no connection gets it by
/// chance while a server is down between kill and restart.
int free_port();

/// Whether a server accepts connections on 127.0.0.1:port.
bool port_answers(int port);

}  // namespace support
