#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "odbc/dialect.hpp"
#include "odbc/options.hpp"
#include "odbc/statement.hpp"

namespace odbc {

/// A connection to a database of somebody else's, through whatever driver it is named with. For one
/// thread at a time; never connects again by itself, and never shows the password. Errors are those
/// of explain(); after a transient one only a new connection can be trusted.
class Connection {
  public:
    static base::Result<Connection> open(const Options& options);

    const Dialect& dialect() const;

    /// "MariaDB 10.11.6", as it says itself.
    const std::string& server() const;

    /// Executes a statement whose rows, if it has any, do not matter.
    base::Status execute(std::string_view sql);

    base::Result<Statement> prepare(std::string_view sql);

    /// The first cell of the first row, read as that type; NULL when there is no row.
    base::Result<Value> cell(const Question& question, Column column);
    /// The same; nothing for NULL.
    base::Result<std::optional<std::int64_t>> integer(const Question& question);
    base::Result<std::optional<Time>> time(const Question& question);

    base::Result<bool> has_table(std::string_view name);
    base::Result<std::vector<std::string>> tables();

  private:
    friend class Transaction;

    explicit Connection(std::shared_ptr<Session> session) : session_(std::move(session)) {}
    void limit_statements(const Options& options);

    std::shared_ptr<Session> session_;
};

}  // namespace odbc
