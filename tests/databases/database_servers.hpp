#pragma once

#include <string>
#include <vector>

#include "odbc/options.hpp"
#include "support/servers.hpp"

namespace databases {

/// A driver's file, such as "libmaodbc.so": named by its path, it needs nothing of the machine's
/// configuration. Throws when it is not installed.
std::string driver_path(const std::string& file);

/// A database server that everybody on this machine may use as the user `leat`, without a password.
/// As root it runs as somebody who may do nothing.
class DatabaseServer : public support::Server {
  public:
    virtual odbc::Options options() const = 0;
};

/// MariaDB, with an empty database `leat`. Its commits survive its death, and no power cut.
class MariaDb final : public DatabaseServer {
  public:
    MariaDb();
    odbc::Options options() const override;

  private:
    std::vector<std::string> command() override;
    bool answers() override;
};

/// PostgreSQL, the same. It asks the user `guarded` for a password.
class PostgreSql final : public DatabaseServer {
  public:
    PostgreSql();
    odbc::Options options() const override;

  private:
    std::vector<std::string> command() override;
    bool answers() override;
};

}  // namespace databases
