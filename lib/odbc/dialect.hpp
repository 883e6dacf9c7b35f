#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "odbc/value.hpp"

namespace odbc {

enum class Server { mysql, postgresql, sql_server, sqlite };

/// A column of a table that is to be made, or written to.
struct TableColumn {
    std::string name;
    Column column;
    bool may_be_null = false;
};

/// A table as leat writes it. What it is called may have dots: schema.table.
struct TableShape {
    std::string name;
    std::vector<TableColumn> columns;
    std::vector<std::string> key;  // Columns, by which a row is one.
};

/// A statement with a `?` for each value.
struct Question {
    std::string sql;
    std::vector<Value> values;
};

/// How a kind of server writes what the others write differently. Text in, text out: it asks
/// nobody.
class Dialect {
  public:
    /// By what the driver says it is connected to (SQL_DBMS_NAME). Misconfigured, with those that
    /// are known, for any other.
    static base::Result<const Dialect*> find(std::string_view server_name);

    explicit constexpr Dialect(Server server) : server_(server) {}

    Server server() const { return server_; }

    /// A name as it is written in a statement, whatever is in it.
    std::string quoted(std::string_view name) const;
    /// The name of a table: each part between dots by itself.
    std::string table(std::string_view name) const;

    /// Names, quoted, with commas.
    std::string list(const std::vector<std::string>& names) const;

    /// An expression of text that tells two texts apart by every letter, as in a GROUP BY: not each
    /// server does of itself.
    std::string exact(std::string_view text) const;

    /// DOUBLE PRECISION, VARCHAR(64) … Text compares byte by byte; times have microseconds.
    std::string type_of(const Column& column) const;

    std::string create(const TableShape& table) const;
    std::string insert(const TableShape& table) const;
    /// Inserts a row, or changes the one that has its key. The columns are given in their order.
    std::string upsert(const TableShape& table) const;

    /// SELECT of the first `rows` of what stands behind it: "a, b", "FROM t WHERE … ORDER BY a".
    std::string select_first(std::string_view columns, std::string_view from,
                             std::size_t rows) const;

    /// The server's time now, in UTC, as an expression.
    std::string utc_now() const;

    /// The statement after which this session tells times with a zone in UTC. Nothing where it does
    /// not decide.
    std::optional<std::string> set_utc() const;

    /// The tables of that name in the schema: their number.
    Question count_tables(std::string_view name) const;
    /// The unique keys of the table that have the columns of its key: their number. Nothing where
    /// an upsert fails by itself without one, or needs none.
    std::optional<Question> count_keys(const TableShape& table) const;

    /// The names of all tables of the schema of the connection, in order.
    std::string list_tables() const;

  private:
    std::string merge(const TableShape& table) const;
    std::string assignments(const TableShape& table, std::string_view before,
                            std::string_view after) const;

    Server server_;
};

/// The columns' names.
std::vector<std::string> names_of(const TableShape& table);

}  // namespace odbc
