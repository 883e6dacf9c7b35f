#include "odbc/diagnosis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace odbc {

namespace {

using base::Fault;

constexpr std::size_t kMessageMax = 400;

struct Meaning {
    std::string_view states;  // Their beginning.
    Fault fault;
    std::string_view remedy;
};

constexpr std::string_view kRights = "give the user the right to do that";
constexpr std::string_view kAway = "look whether the server runs and can be reached";

/// The first one that fits counts.
constexpr std::array kMeanings{
    Meaning{"28", Fault::misconfigured, "check user, password_file and database"},
    Meaning{"3D", Fault::misconfigured, "make the database, or name another one"},
    Meaning{"08", Fault::transient, kAway},
    Meaning{"57P", Fault::transient, kAway},
    Meaning{"HYT", Fault::transient, "the server is slow, or waits for another: try again later"},
    Meaning{"57014", Fault::transient, "the server gave up, as it took too long"},
    Meaning{"40", Fault::transient, "another was in the way: try again"},
    Meaning{"55P03", Fault::transient, "another holds a lock: try again"},
    Meaning{"53", Fault::exhausted, "give the server room"},
    Meaning{"54", Fault::exhausted, "it is more than the server can take"},
    Meaning{"42501", Fault::misconfigured, kRights},
    Meaning{"42P01", Fault::misconfigured, "make the table, or name another one"},
    Meaning{"42S02", Fault::misconfigured, "make the table, or name another one"},
    Meaning{"42", Fault::misconfigured, "check the names of tables and columns, and the rights"},
    Meaning{"22", Fault::malformed, "a column there cannot hold the value"},
    Meaning{"23", Fault::malformed, "a rule of the table there forbids it"},
    Meaning{"IM", Fault::misconfigured, "check the connection"},
    Meaning{"HYC00", Fault::misconfigured, "the driver cannot do that: use a newer one"},
};

struct NativeMeaning {
    int from;
    int to;
    Meaning meaning;
};

/// MySQL's numbers, where its state says nothing: HY000. Others use none of these.
constexpr std::array kNativeMeanings{
    NativeMeaning{2000, 2099, {"", Fault::transient, kAway}},
    NativeMeaning{1040, 1040, {"", Fault::transient, "the server has too many connections"}},
    NativeMeaning{1205, 1205, {"", Fault::transient, "another holds a lock: try again"}},
    NativeMeaning{1021, 1021, {"", Fault::exhausted, "give the server room"}},
    NativeMeaning{1114, 1114, {"", Fault::exhausted, "give the server room"}},
    NativeMeaning{1364, 1366, {"", Fault::malformed, "a column there cannot hold the value"}},
    NativeMeaning{1969, 1969, {"", Fault::transient, "the server gave up, as it took too long"}},
    NativeMeaning{3024, 3024, {"", Fault::transient, "the server gave up, as it took too long"}},
};

constexpr Meaning kUnknown{"", Fault::transient, "try again; if it stays, look at the server"};

Meaning meaning_of(const Diagnosis& diagnosis) {
    const auto is_native = [&](const NativeMeaning& entry) {
        return diagnosis.native >= entry.from && diagnosis.native <= entry.to;
    };
    const auto* const native =
        std::find_if(kNativeMeanings.begin(), kNativeMeanings.end(), is_native);
    if (diagnosis.state == "HY000" && native != kNativeMeanings.end()) return native->meaning;
    for (const auto& meaning : kMeanings) {
        if (diagnosis.state.starts_with(meaning.states)) return meaning;
    }
    return kUnknown;
}

/// Without the names of the driver's layers in front: "[ma-3.1][10.11]".
std::string_view plain(std::string_view message) {
    while (message.starts_with('[')) {
        const auto end = message.find(']');
        if (end == std::string_view::npos) break;
        message.remove_prefix(end + 1);
    }
    return base::trimmed(message, " \t\r\n");
}

std::string in_one_line(std::string_view text) {
    std::string line;
    for (const char c : text) {
        const bool is_blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
        if (!is_blank) line += c;
        if (is_blank && !line.empty() && line.back() != ' ') line += ' ';
    }
    return line;
}

/// The driver manager did not find the driver, or could not load it.
bool has_no_driver(const Diagnosis& diagnosis) {
    return diagnosis.state == "IM002" || diagnosis.state == "IM003" ||
           diagnosis.message.find("Can't open lib") != std::string::npos;
}

/// PostgreSQL's driver has one state for a server that is away and for one that says no. What says
/// no is there, unless it only begins or ends.
bool is_turned_away(const Diagnosis& diagnosis) {
    const auto says = [&](const char* words) {
        return diagnosis.message.find(words) != std::string::npos;
    };
    return diagnosis.state == "08001" && says("FATAL:") && !says("starting up") &&
           !says("shutting down") && !says("too many") && !says("recovery");
}

std::string package_for(std::string_view connection) {
    const auto lower = base::lower(connection);
    const auto speaks_of = [&](std::string_view word) {
        return lower.find(word) != std::string::npos;
    };
    if (speaks_of("maria") || speaks_of("mysql") || speaks_of("maodbc")) {
        return "install the package odbc-mariadb, and write Driver=MariaDB Unicode";
    }
    if (speaks_of("postgres") || speaks_of("psqlodbc")) {
        return "install the package odbc-postgresql, and write Driver=PostgreSQL Unicode";
    }
    if (speaks_of("sqlite")) {
        return "install the package libsqliteodbc, and write Driver=SQLite3";
    }
    if (speaks_of("sql server") || speaks_of("sqlserver") || speaks_of("tds")) {
        return "install Microsoft's msodbcsql18 and write Driver=ODBC Driver 18 for SQL Server, "
               "or tdsodbc and Driver=FreeTDS";
    }
    return "install its driver: odbc-mariadb, odbc-postgresql, libsqliteodbc, tdsodbc";
}

}  // namespace

base::Error explain(const Diagnosis& diagnosis, std::string_view doing,
                    std::string_view connection) {
    const auto message = base::printable(in_one_line(plain(diagnosis.message)), kMessageMax);
    const auto told = fmt::format(
        "cannot {}: {} ({}{})", doing, message, diagnosis.state,
        diagnosis.native != 0 ? ", " + std::to_string(diagnosis.native) : std::string{});
    if (has_no_driver(diagnosis)) {
        return {Fault::misconfigured, told + "; " + package_for(connection) +
                                          "; odbcinst -q -d lists those that are there"};
    }
    if (is_turned_away(diagnosis)) {
        return {Fault::misconfigured, told + "; check user, password_file and database"};
    }
    const auto meaning = meaning_of(diagnosis);
    return {meaning.fault, fmt::format("{}; {}", told, meaning.remedy)};
}

std::string without(std::string text, const std::string& secret) {
    if (secret.empty()) return text;
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at)) {
        text.replace(at, secret.size(), "***");
        at += 3;
    }
    return text;
}

}  // namespace odbc
