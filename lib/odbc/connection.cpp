#include "odbc/connection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/settings.hpp"
#include "base/text.hpp"
#include "odbc/session.hpp"
#include "odbc/utf16.hpp"

namespace odbc {

namespace {

using base::Error;
using base::Fault;

SQLULEN whole_seconds(base::Duration duration) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(duration).count();
    return static_cast<SQLULEN>(std::max<std::int64_t>(1, seconds));
}

/// The keys of a connection string, in lower case. A value may stand in braces, in which a brace is
/// doubled.
std::vector<std::string> keys_of(std::string_view connection) {
    std::vector<std::string> keys;
    while (!connection.empty()) {
        const auto equals = connection.find('=');
        if (equals == std::string_view::npos) break;
        keys.push_back(base::lower(base::trimmed(connection.substr(0, equals), " \t;")));
        connection.remove_prefix(equals + 1);
        if (connection.starts_with('{')) {
            auto end = connection.find('}', 1);
            while (end != std::string_view::npos && connection.substr(end).starts_with("}}")) {
                end = connection.find('}', end + 2);
            }
            connection.remove_prefix(std::min(end, connection.size()));
        }
        connection.remove_prefix(std::min(connection.find(';'), connection.size()));
    }
    return keys;
}

bool has_key(std::string_view connection, const std::string& key) {
    const auto keys = keys_of(connection);
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

/// PostgreSQL's driver takes one among the options for its library, too.
bool has_password(std::string_view connection) {
    if (has_key(connection, "pwd") || has_key(connection, "password")) return true;
    return has_key(connection, "pqopt") &&
           base::lower(connection).find("password") != std::string::npos;
}

/// A value as it stands in a connection: in braces where it must, as not every driver takes these
/// away.
std::string written(std::string_view value) {
    if (value.find_first_of(";{}=[]()?*!@, ") == std::string_view::npos) return std::string{value};
    std::string text{"{"};
    for (const char c : value) {
        if (c == '}') text += c;
        text += c;
    }
    return text + "}";
}

/// What MySQL's drivers need to be told: that text is UTF-8; and MariaDB's also when to give up a
/// server that hangs. That is later than the server gives up by itself. `driver` says which it is.
std::string more_for_mysql(const Options& options, std::string_view driver) {
    constexpr SQLULEN kGrace = 5;
    const auto lower = base::lower(driver);
    const auto speaks_of = [&](const char* word) { return lower.find(word) != std::string::npos; };
    const bool is_maria = speaks_of("maria") || speaks_of("maodbc");
    const bool is_mysql = is_maria || speaks_of("mysql") || speaks_of("myodbc");
    std::string more;
    if (is_mysql && !has_key(options.connection, "charset")) more += ";charset=utf8mb4";
    if (is_maria && !has_key(options.connection, "read_timeout")) {
        more += fmt::format(";READ_TIMEOUT={}", whole_seconds(options.statement_timeout) + kGrace);
    }
    return more;
}

std::string info_of(SQLHDBC connection, SQLUSMALLINT what) {
    std::array<char16_t, 256> text{};
    SQLSMALLINT bytes = 0;
    const auto code = SQLGetInfoW(connection, what, text.data(),
                                  static_cast<SQLSMALLINT>(text.size() * sizeof(char16_t)), &bytes);
    return is_done(code) ? to_utf8(std::u16string_view{text.data()}) : std::string{};
}

base::Result<std::shared_ptr<Session>> make_session(const Options& options) {
    auto session = std::make_shared<Session>();
    session->statement_timeout = options.statement_timeout;
    if (!is_done(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &session->environment)) ||
        !is_done(SQLSetEnvAttr(session->environment, SQL_ATTR_ODBC_VERSION, attribute(SQL_OV_ODBC3),
                               SQL_IS_UINTEGER)) ||
        !is_done(SQLAllocHandle(SQL_HANDLE_DBC, session->environment, &session->connection))) {
        return Error{Fault::transient, "the manager of the ODBC drivers cannot begin"};
    }
    SQLSetConnectAttr(session->connection, SQL_ATTR_LOGIN_TIMEOUT,
                      attribute(whole_seconds(options.connect_timeout)), SQL_IS_UINTEGER);
    return session;
}

base::Status connect(Session& session, const Options& options, const std::string& more,
                     const std::string& password) {
    auto text = options.connection + more;
    if (!options.user.empty()) text += ";UID=" + written(options.user);
    if (!options.password_file.empty()) text += ";PWD=" + written(password);
    auto units = to_utf16(text);
    if (!units) return Error{Fault::misconfigured, "the user or the password is not UTF-8"};
    const auto code = SQLDriverConnectW(session.connection, nullptr, units_of(*units),
                                        static_cast<SQLSMALLINT>(units->size()), nullptr, 0,
                                        nullptr, SQL_DRIVER_NOPROMPT);
    session.is_connected = is_done(code);
    if (session.is_connected) return base::Done{};
    auto diagnosis = diagnosis_of(SQL_HANDLE_DBC, session.connection);
    diagnosis.message = without(std::move(diagnosis.message), password);
    return explain(diagnosis, "connect", options.connection);
}

/// Which driver a DSN names is known when it is connected: then what that one needs is said, too.
base::Status connect_as_needed(Session& session, const Options& options,
                               const std::string& password) {
    const auto more = more_for_mysql(options, options.connection);
    if (auto connected = connect(session, options, more, password); !connected) return connected;
    const auto driver = options.connection + info_of(session.connection, SQL_DRIVER_NAME);
    const auto needed = more_for_mysql(options, driver);
    if (needed == more) return base::Done{};
    SQLDisconnect(session.connection);
    session.is_connected = false;
    return connect(session, options, needed, password);
}

}  // namespace

std::string connection_trouble(const std::string& connection) {
    constexpr const char* kExample =
        "write it like \"Driver=MariaDB Unicode;Server=db;Database=plant\" or \"DSN=plant\"";
    if (connection.empty()) return kExample;
    if (!utf16_units(connection)) return "it is not UTF-8";
    if (has_password(connection)) {
        return "no password belongs in it: write that into a file of its own, and the name of the "
               "file as password_file";
    }
    if (!has_key(connection, "driver") && !has_key(connection, "dsn")) {
        return std::string{"it names neither a driver nor a DSN; "} + kExample;
    }
    return {};
}

base::Result<Connection> Connection::open(const Options& options) {
    if (const auto trouble = connection_trouble(options.connection); !trouble.empty()) {
        return Error{Fault::misconfigured, "connection: " + trouble};
    }
    std::string password;
    if (!options.password_file.empty()) {
        auto read = base::read_password(options.password_file);
        if (!read) return read.error();
        password = std::move(read).value();
    }
    auto made = make_session(options);
    if (!made) return made.error();
    auto session = std::move(made).value();
    if (auto connected = connect_as_needed(*session, options, password); !connected) {
        return connected.error();
    }
    const auto name = info_of(session->connection, SQL_DBMS_NAME);
    const auto dialect = Dialect::find(name);
    if (!dialect) return dialect.error();
    session->dialect = dialect.value();
    session->server = name + " " + info_of(session->connection, SQL_DBMS_VER);
    Connection connection{std::move(session)};
    connection.limit_statements(options);
    if (const auto utc = connection.dialect().set_utc()) {
        if (auto set = connection.execute(*utc); !set) return set.error();
    }
    return connection;
}

/// MariaDB's driver knows no time-out of a statement, its server does; a MySQL that is too old for
/// that has none.
void Connection::limit_statements(const Options& options) {
    if (dialect().server() != Server::mysql) return;
    const auto seconds = whole_seconds(options.statement_timeout);
    const bool is_maria = base::lower(server()).find("maria") != std::string::npos;
    const auto ignored =
        execute(is_maria ? fmt::format("SET SESSION max_statement_time = {}", seconds)
                         : fmt::format("SET SESSION max_execution_time = {}", seconds * 1'000));
    static_cast<void>(ignored);
}

const Dialect& Connection::dialect() const {
    return *session_->dialect;
}

const std::string& Connection::server() const {
    return session_->server;
}

base::Status Connection::execute(std::string_view sql) {
    auto statement = prepare(sql);
    if (!statement) return statement.error();
    return std::move(statement).value().run();
}

base::Result<Statement> Connection::prepare(std::string_view sql) {
    return Statement::prepare(session_, sql);
}

base::Result<Value> Connection::cell(const Question& question, Column column) {
    auto prepared = prepare(question.sql);
    if (!prepared) return prepared.error();
    auto statement = std::move(prepared).value();
    if (auto run = statement.run(question.values); !run) return run.error();
    Block rows{{column}, 1};
    const auto fetched = statement.fetch(rows);
    if (!fetched) return fetched.error();
    return fetched.value() ? rows.value(0, 0) : Value{};
}

base::Result<std::optional<std::int64_t>> Connection::integer(const Question& question) {
    const auto found = cell(question, {.type = Type::integer});
    if (!found) return found.error();
    const auto* const number = std::get_if<std::int64_t>(&found.value());
    return number != nullptr ? std::optional{*number} : std::nullopt;
}

base::Result<std::optional<Time>> Connection::time(const Question& question) {
    const auto found = cell(question, {.type = Type::time});
    if (!found) return found.error();
    const auto* const at = std::get_if<Time>(&found.value());
    return at != nullptr ? std::optional{*at} : std::nullopt;
}

base::Result<bool> Connection::has_table(std::string_view name) {
    const auto tables = integer(dialect().count_tables(name));
    if (!tables) return tables.error();
    return tables.value().value_or(0) > 0;
}

base::Result<std::vector<std::string>> Connection::tables() {
    auto prepared = prepare(dialect().list_tables());
    if (!prepared) return prepared.error();
    auto statement = std::move(prepared).value();
    if (auto run = statement.run(); !run) return run.error();
    constexpr std::size_t kRows = 100;
    Block rows{{{.type = Type::text}}, kRows};
    std::vector<std::string> names;
    for (;;) {
        const auto fetched = statement.fetch(rows);
        if (!fetched) return fetched.error();
        if (!fetched.value()) return names;
        for (std::size_t i = 0; i < rows.rows(); ++i) names.push_back(rows.text(i, 0));
    }
}

}  // namespace odbc
