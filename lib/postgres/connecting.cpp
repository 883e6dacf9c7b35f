#include <fmt/format.h>
#include <poll.h>

#include <array>
#include <chrono>

#include "base/settings.hpp"
#include "postgres/error.hpp"
#include "postgres/link.hpp"

namespace postgres {

namespace {

using base::Error;
using base::Fault;

struct Named {
    const char* key;
    std::string value;
};

/// What stands before `dbname`, whose text libpq expands, gives way to what that says.
base::Result<std::vector<Named>> settings_of(const Options& options) {
    std::vector<Named> settings{{"fallback_application_name", "leat-central"},
                                {"keepalives_idle", "10"},
                                {"keepalives_interval", "5"},
                                {"keepalives_count", "3"},
                                {"tcp_user_timeout", "10000"},
                                {"dbname", options.place},
                                {"client_encoding", "UTF8"}};
    if (options.password_file.empty()) return settings;
    auto password = base::read_password(options.password_file);
    if (!password) return password.error();
    settings.push_back({"password", std::move(password).value()});
    return settings;
}

Error refusal(const PGconn* connection, const std::string& server) {
    auto error = connection_error(connection, server);
    if (PQconnectionNeedsPassword(connection) == 1) {
        error.detail += ": write the password into a file, chmod 600, and name it in password_file";
    }
    return error;
}

}  // namespace

base::Result<Connection> connect(const Options& options, const std::string& server) {
    const auto settings = settings_of(options);
    if (!settings) return settings.error();
    std::vector<const char*> keys;
    std::vector<const char*> values;
    for (const auto& [key, value] : settings.value()) {
        keys.push_back(key);
        values.push_back(value.c_str());
    }
    keys.push_back(nullptr);
    values.push_back(nullptr);
    const base::SystemClock clock;
    const auto deadline = clock.instant() + options.connect_within;
    Connection connection{PQconnectStartParams(keys.data(), values.data(), 1)};
    if (!connection || PQstatus(connection.get()) == CONNECTION_BAD) {
        return refusal(connection.get(), server);
    }
    for (auto wanted = PGRES_POLLING_WRITING; wanted != PGRES_POLLING_OK;
         wanted = PQconnectPoll(connection.get())) {
        if (wanted == PGRES_POLLING_FAILED) return refusal(connection.get(), server);
        const auto left =
            std::chrono::duration_cast<base::Duration>(deadline - clock.instant()).count();
        pollfd socket{
            .fd = PQsocket(connection.get()),
            .events = static_cast<short>(wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT),
            .revents = 0};
        if (left > 0 && ::poll(&socket, 1, static_cast<int>(left)) >= 0) continue;
        if (left > 0) continue;  // Interrupted.
        return Error{Fault::transient,
                     fmt::format("{}: no connection within {} s: the server hangs, or nothing "
                                 "answers there",
                                 server, options.connect_within.count() / 1'000)};
    }
    PQsetnonblocking(connection.get(), 1);
    // What the server warns of is said by its errors; nothing may be printed.
    PQsetNoticeProcessor(
        connection.get(), [](void*, const char*) {}, nullptr);
    return connection;
}

}  // namespace postgres
