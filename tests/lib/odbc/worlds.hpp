#pragma once

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "databases/database_servers.hpp"
#include "odbc/connection.hpp"
#include "odbc/transaction.hpp"
#include "support/temporary_folder.hpp"

namespace odbc_test {

/// One of each for the whole program.
inline databases::MariaDb& maria_db() {
    static databases::MariaDb server;
    return server;
}
inline databases::PostgreSql& postgre_sql() {
    static databases::PostgreSql server;
    return server;
}

inline odbc::Connection opened(const odbc::Options& options) {
    auto connection = odbc::Connection::open(options);
    REQUIRE_MESSAGE(connection, connection.error().detail);
    return std::move(connection).value();
}

inline void require(const base::Status& done) {
    REQUIRE_MESSAGE(done, done.error().detail);
}

template <class T>
T valued(base::Result<T> result) {
    REQUIRE_MESSAGE(result, result.error().detail);
    return std::move(result).value();
}

inline base::Error error_of(const base::Status& done) {
    REQUIRE_FALSE(done);
    return done.error();
}

/// A connection to a database without tables.
struct EmptyDatabase {
    explicit EmptyDatabase(const odbc::Options& to) : options(to), connection(opened(to)) {
        for (const auto& table : valued(connection.tables())) {
            execute("DROP TABLE " + connection.dialect().quoted(table));
        }
    }
    void execute(const std::string& sql) { require(connection.execute(sql)); }
    std::int64_t number(const std::string& sql) {
        return valued(connection.integer({sql, {}})).value_or(-1);
    }

    odbc::Options options;
    odbc::Connection connection;
};

struct MariaDbWorld : EmptyDatabase {
    MariaDbWorld() : EmptyDatabase(maria_db().options()) {}
};

struct PostgreSqlWorld : EmptyDatabase {
    PostgreSqlWorld() : EmptyDatabase(postgre_sql().options()) {}
};

struct SqliteFile {
    support::TemporaryFolder folder;
};

struct SqliteWorld : SqliteFile, EmptyDatabase {
    SqliteWorld()
        : EmptyDatabase({.connection = "Driver=" + databases::driver_path("libsqlite3odbc.so") +
                                       ";Database=" + folder.file("other.db"),
                         .user = {},
                         .password_file = {}}) {}
};

}  // namespace odbc_test
