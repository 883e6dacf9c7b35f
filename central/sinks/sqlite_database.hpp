#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "wire/chain.hpp"
#include "wire/identity.hpp"

struct sqlite3;
struct sqlite3_stmt;

/// The little of SQLite that this module needs. Only this module includes it.
namespace sinks {

/// A prepared statement. Parameters and columns count from 0, in the order of the text. Believes
/// its author: a wrong index or type is a bug, not an Error.
class Statement {
  public:
    Statement() = default;

    /// Begins anew: unbinds nothing, as every caller binds everything.
    Statement& begin();
    Statement& bind(std::int64_t number);
    Statement& bind(std::uint64_t number) { return bind(static_cast<std::int64_t>(number)); }
    Statement& bind(double number);
    /// The text must live until the statement has run.
    Statement& bind(std::string_view text);
    Statement& bind(const wire::ChainHash& hash);
    Statement& bind(base::EventTime t) { return bind(base::to_milliseconds(t)); }
    Statement& bind_null();
    template <class Value>
    Statement& bind(const std::optional<Value>& value) {
        return value ? bind(*value) : bind_null();
    }

    /// True when there is a row, false at the end.
    base::Result<bool> step();
    /// For statements without rows. Gives how many rows changed.
    base::Result<std::uint64_t> run();

    bool is_null(int column) const;
    std::int64_t integer(int column) const;
    std::uint64_t count(int column) const { return static_cast<std::uint64_t>(integer(column)); }
    double number(int column) const;
    std::string text(int column) const;
    wire::ChainHash hash(int column) const;
    base::EventTime time(int column) const { return base::from_milliseconds(integer(column)); }
    std::optional<base::EventTime> optional_time(int column) const;
    std::optional<double> optional_number(int column) const;

  private:
    friend class Database;
    struct Finalizer {
        void operator()(sqlite3_stmt* statement) const noexcept;
    };

    std::unique_ptr<sqlite3_stmt, Finalizer> statement_;
    int bound_ = 0;
};

/// A connection. Closing it never checkpoints a read-only one.
class Database {
  public:
    enum class Mode { read_write, read_only };
    static base::Result<Database> open(const std::string& path, Mode mode);

    /// Statements separated by semicolons, without parameters.
    base::Status execute(const std::string& text);

    base::Result<Statement> prepare(const std::string& text);

    /// The first column of the first row of a query, as a number; 0 without a row.
    base::Result<std::int64_t> number(const std::string& query);

    std::int64_t last_id() const;

  private:
    struct Closer {
        void operator()(sqlite3* connection) const noexcept;
    };

    std::unique_ptr<sqlite3, Closer> connection_;
};

/// "1m", "1h", "15m", "500ms": the end of a table's name.
std::string span_name(base::Duration span);

}  // namespace sinks
