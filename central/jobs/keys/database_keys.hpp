#pragma once

#include "central/jobs/keys/keys.hpp"
#include "odbc/options.hpp"

namespace jobs {

/// How to reach a database of somebody else's: `connection`, `user`, `password_file`,
/// `connect_timeout`, `statement_timeout`.
odbc::Options read_database(Keys& keys);

/// What a person should look at when a job with such a database fails.
std::string database_remedy(const odbc::Options& options);

}  // namespace jobs
