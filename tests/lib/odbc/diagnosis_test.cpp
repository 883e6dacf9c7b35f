#include "odbc/diagnosis.hpp"

#include <doctest/doctest.h>

#include "odbc/options.hpp"

using base::Fault;

namespace {

struct Case {
    const char* name;
    odbc::Diagnosis diagnosis;
    Fault fault;
    const char* remedy;
};

const Case kCases[] = {
    {"wrong password", {"28000", 1045, "Access denied"}, Fault::misconfigured, "password_file"},
    {"PostgreSQL's wrong password", {"28P01", 0, "no"}, Fault::misconfigured, "password_file"},
    {"server away", {"08001", 0, "refused"}, Fault::transient, "look whether the server runs"},
    {"PostgreSQL says no", {"08001", 101, "FATAL: password"}, Fault::misconfigured, "check user"},
    {"it starts", {"08001", 101, "FATAL: starting up"}, Fault::transient, "look whether"},
    {"MySQL has gone away", {"HY000", 2006, "gone"}, Fault::transient, "look whether the server"},
    {"it shuts down", {"57P01", 0, "terminating"}, Fault::transient, "look whether the server"},
    {"too slow", {"HYT00", 0, "timeout"}, Fault::transient, "try again later"},
    {"cancelled", {"57014", 0, "timeout"}, Fault::transient, "took too long"},
    {"deadlock", {"40001", 1213, "Deadlock"}, Fault::transient, "try again"},
    {"disk full", {"53100", 0, "full"}, Fault::exhausted, "room"},
    {"MySQL's table is full", {"HY000", 1114, "full"}, Fault::exhausted, "room"},
    {"no such table", {"42S02", 1146, "none"}, Fault::misconfigured, "make the table"},
    {"no right", {"42501", 0, "permission"}, Fault::misconfigured, "right"},
    {"value too long", {"22001", 1406, "too long"}, Fault::malformed, "cannot hold"},
    {"duplicate", {"23000", 1062, "Duplicate"}, Fault::malformed, "forbids"},
    {"anything else", {"XX000", 3, "odd"}, Fault::transient, "try again"},
};

}  // namespace

TEST_CASE("a state of the server becomes a fault and what to do about it") {
    for (const auto& [name, diagnosis, fault, remedy] : kCases) {
        CAPTURE(name);
        const auto error = odbc::explain(diagnosis, "try");
        CAPTURE(error.detail);
        CHECK(error.fault == fault);
        CHECK(
            error.detail.starts_with("cannot try: " + diagnosis.message + " (" + diagnosis.state));
        CHECK(error.detail.find(remedy) != std::string::npos);
    }
}

TEST_CASE("the names of a driver's layers are left off, and nothing can disturb a screen") {
    const auto error =
        odbc::explain({"42000", 1064, "[ma-3.1.15][10.11.6]bad \x1b[1m syntax\n"}, "ask");
    CHECK(error.detail.starts_with("cannot ask: bad \\x1b[1m syntax (42000, 1064); "));
}

TEST_CASE("a driver that is not there is told with its package") {
    const odbc::Diagnosis diagnosis{
        "01000", 0, "[unixODBC][Driver Manager]Can't open lib 'x' : file not found"};
    const auto told = [&](const char* connection) {
        return odbc::explain(diagnosis, "connect", connection).detail;
    };
    CHECK(told("Driver=MariaDB Unicode").find("odbc-mariadb") != std::string::npos);
    CHECK(told("Driver=PostgreSQL Unicode").find("odbc-postgresql") != std::string::npos);
    CHECK(told("Driver=SQLite3").find("libsqliteodbc") != std::string::npos);
    CHECK(told("Driver=ODBC Driver 18 for SQL Server").find("msodbcsql18") != std::string::npos);
    CHECK(told("Driver=Oracle").find("odbcinst -q -d") != std::string::npos);
}

TEST_CASE("a connection without a driver, or with a password, is refused with what to write") {
    CHECK(odbc::connection_trouble("DSN=plant").empty());
    CHECK(odbc::connection_trouble("Driver={a;pwd=}};b};Server=db").empty());
    for (const char* wrong : {"Driver=x;PWD=secret", "DSN=x; Password = secret"}) {
        const auto trouble = odbc::connection_trouble(wrong);
        CHECK(trouble.find("password_file") != std::string::npos);
        CHECK(trouble.find("secret") == std::string::npos);
    }
    CHECK(odbc::connection_trouble("Server=db").find("neither a driver nor a DSN") !=
          std::string::npos);
    CHECK_FALSE(odbc::connection_trouble("").empty());
}

TEST_CASE("a password of a library of the driver's is refused in the connection, too") {
    for (const char* wrong : {"DSN=plant;pqopt={password=s3cret}", "DSN=a;PQOpt=Password=s3cret"}) {
        CAPTURE(wrong);
        CHECK(odbc::connection_trouble(wrong).find("password_file") != std::string::npos);
    }
    CHECK(odbc::connection_trouble("DSN=plant;pqopt={sslmode=require}").empty());
}

TEST_CASE("a secret is taken out of a text wherever it stands in it") {
    CHECK(odbc::without("s3 and s3s3, not S3", "s3") == "*** and ******, not S3");
    CHECK(odbc::without("***", "*") == "*********");
    CHECK(odbc::without("nothing", "") == "nothing");
}
