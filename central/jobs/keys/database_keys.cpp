#include "central/jobs/keys/database_keys.hpp"

#include <fmt/format.h>

namespace jobs {

odbc::Options read_database(Keys& keys) {
    using namespace std::chrono_literals;
    odbc::Options options{.connection = keys.text("connection", {}),
                          .user = keys.text("user", {}),
                          .password_file = keys.text("password_file", {})};
    options.connect_timeout = keys.duration("connect_timeout", options.connect_timeout, 1s, 10min);
    options.statement_timeout =
        keys.duration("statement_timeout", options.statement_timeout, 1s, 24h);
    if (const auto trouble = odbc::connection_trouble(options.connection); !trouble.empty()) {
        keys.refuse("connection", "connection: " + trouble);
    }
    return options;
}

std::string database_remedy(const odbc::Options& options) {
    return fmt::format(
        "do what the error says; whether \"{}\" can be reached, and its tables are as they must "
        "be, "
        "tells leat-central job run NAME --dry-run; docs/odbc.md has more",
        options.connection);
}

}  // namespace jobs
