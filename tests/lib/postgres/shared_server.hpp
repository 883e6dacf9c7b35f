#pragma once

#include <doctest/doctest.h>

#include <memory>

#include "databases/postgres_server.hpp"
#include "postgres/database.hpp"

namespace shared {

/// One server for all tests that do it no harm.
inline support::PostgresServer& server() {
    static support::PostgresServer server;
    return server;
}

inline std::unique_ptr<sql::Database> connect() {
    auto opened = postgres::open({.place = server().uri()});
    REQUIRE_MESSAGE(opened, opened.error().detail);
    return std::move(opened).value();
}

/// With an empty table of every type.
inline std::unique_ptr<sql::Database> connect_anew() {
    auto database = connect();
    REQUIRE(
        database->execute("DROP TABLE IF EXISTS thing;"
                          "CREATE TABLE thing (id INTEGER PRIMARY KEY, a INTEGER, b REAL,"
                          " c TEXT, d BLOB)"));
    return database;
}

}  // namespace shared
