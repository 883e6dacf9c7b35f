#pragma once

#include <string>

#include "central/sinks/access/address.hpp"
#include "databases/postgres_server.hpp"

namespace central_test {

/// Whether LEAT_TEST_DATABASE says "postgresql": then the suites of central run over that.
bool is_postgres();

/// The database that stands for the file: itself, or a schema on the server of this program. The
/// same file is the same schema.
sinks::Address place(const std::string& path);

/// The statement after which the tables are of that version.
std::string older(int version);

/// That place in the table [sink] of a configuration.
std::string sink_settings(const std::string& path);

/// The server of this program, started at its first use.
support::PostgresServer& server();

/// A new schema there, and its place for libpq.
sinks::Address fresh_schema();
std::string fresh_uri();

}  // namespace central_test
