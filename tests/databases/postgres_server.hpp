#pragma once

#include <string>
#include <vector>

#include "support/servers.hpp"

namespace support {

struct PostgresServerOptions {
    bool is_durable = false;                 // fsync: only where a crash of the machine matters.
    std::vector<std::string> settings = {};  // "log_statement=all"
};

/// A PostgreSQL of the machine's newest version, with a cluster of its own; run as the user
/// postgres, as the server refuses root. Who connects is user and owner of the database "leat".
/// Where LEAT_TEST_TIMESCALE names the root of another Debian (tests/timescale), it is that one's,
/// with TimescaleDB in the database.
class PostgresServer final : public Server {
  public:
    explicit PostgresServer(PostgresServerOptions options = {});
    ~PostgresServer() override;

    /// For libpq. With a schema, that is where tables are.
    std::string uri(const std::string& schema = {}) const;

    /// A command, as the server's user runs it.
    std::vector<std::string> as_user(std::vector<std::string> command) const;

    /// SIGKILL, SIGSTOP or SIGCONT to all of its processes.
    void crash();
    void hang();
    void go_on();

  private:
    void make_cluster();
    void make_extension();
    void signal_all(int signal);
    std::vector<std::string> command() override;
    bool answers() override;

    PostgresServerOptions options_;
    std::string root_;      // Of another Debian; empty: this one's.
    std::string programs_;  // The folder of initdb and postgres.
};

}  // namespace support
