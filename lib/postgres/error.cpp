#include "postgres/error.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace postgres {

namespace {

using base::Fault;

struct Meaning {
    std::string_view state;  // A SQLSTATE, or the class that it begins with.
    Fault fault;
    const char* remedy;
};

constexpr std::array<Meaning, 10> kMeanings{
    {{"53100", Fault::exhausted, "its disk is full: make room there"},
     {"53200", Fault::transient, "it is out of memory"},
     {"53300", Fault::transient, "raise max_connections there, or end other connections"},
     {"XX001", Fault::malformed, "the database is damaged: restore a copy"},
     {"XX002", Fault::malformed, "an index is damaged: REINDEX the database, or restore a copy"},
     {"25006", Fault::transient, "it is a standby, or set to read only: name the primary"},
     {"2BP01", Fault::misconfigured,
      "leat has to change a view: drop what was made upon it, start central, make it again"},
     {"42501", Fault::misconfigured, "its user lacks a right: make it the owner of the schema"},
     {"55P03", Fault::transient, "another connection holds a lock for long"},
     {"57014", Fault::transient, "a statement took too long, or was ended by hand"}}};

}  // namespace

std::string one_line(const char* text) {
    std::string line = text == nullptr ? "" : text;
    while (!line.empty() && (line.back() == '\n' || line.back() == ' ')) line.pop_back();
    for (auto& c : line) {
        if (c == '\n' || c == '\t') c = ' ';
    }
    return line;
}

base::Error error_of(const PGresult* answer, const std::string& server) {
    const auto* state = PQresultErrorField(answer, PG_DIAG_SQLSTATE);
    const std::string_view code = state == nullptr ? "" : state;
    const auto* primary = PQresultErrorField(answer, PG_DIAG_MESSAGE_PRIMARY);
    const auto reason = one_line(primary == nullptr ? PQresultErrorMessage(answer) : primary);
    auto text =
        fmt::format("{}: {}{}", server, reason, code.empty() ? "" : fmt::format(" ({})", code));
    for (const auto& [known, fault, remedy] : kMeanings) {
        if (!known.empty() && code == known) return {fault, text + ": " + remedy};
    }
    return {Fault::transient, text};
}

base::Error connection_error(const PGconn* connection, const std::string& server) {
    return {Fault::transient, fmt::format("{}: {}", server, one_line(PQerrorMessage(connection)))};
}

}  // namespace postgres
