#include "central/database/place.hpp"

#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string_view>

#include "postgres/database.hpp"

namespace central_test {

bool is_postgres() {
    const char* wanted = std::getenv("LEAT_TEST_DATABASE");
    return wanted != nullptr && std::string_view{wanted} == "postgresql";
}

support::PostgresServer& server() {
    static support::PostgresServer server;
    return server;
}

std::string fresh_uri() {
    static int schemas = 0;
    const auto name = "t" + std::to_string(++schemas);
    auto database = postgres::open({.place = server().uri()});
    if (!database) throw std::runtime_error(database.error().detail);
    const auto made = database.value()->execute("CREATE SCHEMA " + name);
    if (!made) throw std::runtime_error(made.error().detail);
    return server().uri(name);
}

sinks::Address fresh_schema() {
    return sinks::Address::server(fresh_uri());
}

std::string sink_settings(const std::string& path) {
    if (!is_postgres()) return "path = \"" + path + "\"";
    return "database = \"" + place(path).options().place + "\"";
}

std::string older(int version) {
    const auto number = std::to_string(version);
    if (!is_postgres()) return "PRAGMA user_version = " + number + ";";
    return "UPDATE meta SET value = '" + number + "' WHERE name = 'schema_version';";
}

sinks::Address place(const std::string& path) {
    if (!is_postgres()) return path;
    static std::map<std::string, sinks::Address> places;
    const auto known = places.find(path);
    if (known != places.end()) return known->second;
    return places.emplace(path, fresh_schema()).first->second;
}

}  // namespace central_test
