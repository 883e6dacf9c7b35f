#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

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

Connection start(const std::vector<Named>& settings) {
    std::vector<const char*> keys;
    std::vector<const char*> values;
    for (const auto& [key, value] : settings) {
        keys.push_back(key);
        values.push_back(value.c_str());
    }
    keys.push_back(nullptr);
    values.push_back(nullptr);
    return Connection{PQconnectStartParams(keys.data(), values.data(), 1)};
}

base::Result<Connection> finish(Connection connection, base::Duration within,
                                const std::string& server) {
    if (!connection || PQstatus(connection.get()) == CONNECTION_BAD) {
        return refusal(connection.get(), server);
    }
    const base::SystemClock clock;
    const auto deadline = clock.instant() + within;
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
                     fmt::format("{}: no connection within {:g} s: the server hangs, or nothing "
                                 "answers there",
                                 server, static_cast<double>(within.count()) / 1'000)};
    }
    return connection;
}

std::vector<std::string> parts_of(const std::string& list) {
    std::vector<std::string> parts;
    for (std::size_t begin = 0; begin <= list.size();) {
        const auto comma = std::min(list.find(',', begin), list.size());
        parts.push_back(list.substr(begin, comma - begin));
        begin = comma + 1;
    }
    return parts;
}

/// A host of several: what names it alone, for libpq, and for people.
struct Target {
    std::vector<Named> settings;
    std::string name;
};

/// None where there is one host, or the lists do not fit: then all of it is libpq's to judge.
std::vector<Target> targets_of(PGconn* connection) {
    const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> all{PQconninfo(connection),
                                                                             PQconninfoFree};
    if (!all) return {};
    std::vector<Target> targets;
    const std::array<const char*, 3> keys{"host", "hostaddr", "port"};
    for (const auto* key : keys) {
        const auto* one = all.get();
        while (one->keyword != nullptr && std::string_view{one->keyword} != key) ++one;
        if (one->keyword == nullptr || one->val == nullptr || *one->val == '\0') continue;
        const auto values = parts_of(one->val);
        const bool is_port = std::string_view{key} == "port";
        if (targets.empty()) targets.resize(values.size());
        if (values.size() != targets.size() && !(is_port && values.size() == 1)) return {};
        for (std::size_t i = 0; i < targets.size(); ++i) {
            const auto& value = values[values.size() == 1 ? 0 : i];
            if (value.empty()) return {};
            if (is_port || targets[i].name.empty()) {
                targets[i].name += (is_port ? ":" : "") + value;
            }
            targets[i].settings.push_back({key, value});
        }
    }
    return targets.size() > 1 ? targets : std::vector<Target>{};
}

/// libpq goes on to the next host when one refuses, but not when one is silent.
base::Result<Connection> connect_in_turn(const std::vector<Named>& settings,
                                         const std::vector<Target>& targets, base::Duration within,
                                         const std::string& server) {
    const base::SystemClock clock;
    auto left = within;
    std::string reasons;
    for (std::size_t i = 0; i < targets.size(); ++i) {
        auto one = settings;
        one.insert(one.end(), targets[i].settings.begin(), targets[i].settings.end());
        auto started = start(one);
        const auto share = left / static_cast<int>(targets.size() - i);
        const auto begin = clock.instant();
        auto connection = finish(std::move(started), share, targets[i].name);
        if (connection) return connection;
        left -= std::chrono::duration_cast<base::Duration>(clock.instant() - begin);
        reasons += (reasons.empty() ? ": " : "; ") + connection.error().detail;
    }
    return Error{Fault::transient, server + reasons};
}

}  // namespace

base::Result<Connection> connect(const Options& options, const std::string& server) {
    const auto settings = settings_of(options);
    if (!settings) return settings.error();
    auto started = start(settings.value());
    const auto targets = targets_of(started.get());
    if (!targets.empty()) started.reset();
    auto connection = targets.empty() ? finish(std::move(started), options.connect_within, server)
                                      : connect_in_turn(settings.value(), targets,
                                                        options.connect_within, server);
    if (!connection) return connection;
    auto* made = connection.value().get();
    PQsetnonblocking(made, 1);
    // What the server warns of is said by its errors; nothing may be printed.
    PQsetNoticeProcessor(
        made, [](void*, const char*) {}, nullptr);
    return connection;
}

}  // namespace postgres
