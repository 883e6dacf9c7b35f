#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "sql/query.hpp"

/// A connection to a database that speaks SQL, whichever it is.
namespace sql {

/// How long a statement lives, and when its rows go where.
enum class Use {
    plain,  ///< All its rows at once: for few of them. Others may run while they are read.
    walk,   ///< A few rows at a time: for many of them. Within a transaction others may run, too.
    batch,  ///< An INSERT whose rows may be collected, and written together before anything else.
};

/// Whose SQL it is. What leat writes is SQLite's; where both cannot read the same, this decides.
enum class Dialect { sqlite, postgres };

/// One connection, for one thread at a time. Faults: malformed when the database is damaged,
/// exhausted when it or its disk is full, misconfigured when a person has to change something,
/// transient for everything else. After a transient or malformed one only a new connection can be
/// trusted.
class Database {
  public:
    Database() = default;
    Database(Database&&) = default;
    Database& operator=(Database&&) = delete;
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    virtual ~Database() = default;

    virtual Dialect dialect() const = 0;

    /// What a person knows it by: a path, or where a server is. It holds no secret.
    virtual const std::string& path() const = 0;

    /// Whether the connection is to something that is there no more: time for a new one.
    virtual bool is_lost() const = 0;

    /// Executes statements, separated by semicolons, that need no values and whose rows do not
    /// matter.
    virtual base::Status execute(const std::string& sql) = 0;

    /// A statement, prepared at its first use and kept. Bind values instead of writing them into
    /// the text, so that there are few statements.
    Query query(std::string_view sql) { return Query{statement(sql, Use::plain)}; }
    Query walk(std::string_view sql) { return Query{statement(sql, Use::walk)}; }

    /// "INSERT INTO table (a, b) VALUES (?, ?) …". Rows of one key are written in their order; few
    /// should have one, as each of them ends a batch. Batches are in the order of their first rows.
    Query batch(std::string_view sql) { return Query{statement(sql, Use::batch)}; }

    /// The first number that a statement yields; 0 when it yields none.
    base::Result<std::int64_t> number(std::string_view sql);

    /// Begins a transaction that holds the write lock: no other one writes until it ends.
    virtual base::Status begin() = 0;
    virtual base::Status commit() = 0;
    /// A failed one does no harm: after the error that led to it the connection is not trusted.
    virtual void roll_back() = 0;

    /// The names of all tables, in order; of a table in partitions only its own.
    virtual base::Result<std::vector<std::string>> tables() = 0;
    virtual base::Result<bool> has_column(const std::string& table, std::string_view column) = 0;

  protected:
    virtual Statement& statement(std::string_view sql, Use use) = 0;
};

}  // namespace sql
