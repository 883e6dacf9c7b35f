#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "odbc/block.hpp"
#include "odbc/value.hpp"

namespace odbc {

struct Session;

/// A column of what a statement yields.
struct ColumnInfo {
    std::string name;
    Type type = Type::text;       // As what it is best read.
    bool is_wide = false;         // Of whole numbers: of 64 bits. Of numbers: a double.
    bool is_unsigned = false;     // Whole numbers up to 2^64 - 1: beyond 2^63 read them as text.
    bool has_zone = false;        // Of times: the server knows the instants, and tells them in UTC.
    std::optional<int> digits{};  // Of a time, behind its second; nothing: the driver does not say.
};

/// A prepared statement, to be run any number of times. Keeps its connection open. Its errors are
/// those of Connection.
class Statement {
  public:
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&& other) noexcept;
    ~Statement();

    /// From the next run() on the driver is asked for no more rows. Not every driver heeds it;
    /// MariaDB's does not.
    void limit_rows(std::size_t rows_max);

    /// Runs it once, with a value for each `?`.
    base::Status run(const std::vector<Value>& values = {});

    /// Runs it once for each row of the block, sent together. Some rows may be done when it fails:
    /// run it in a transaction.
    base::Status run(const Block& rows);

    /// What it yields; none when it is no SELECT. After run().
    base::Result<std::vector<ColumnInfo>> columns();

    /// Replaces what is in the block, which has a column for each that the statement yields, by the
    /// next rows; false when there is none. Exhausted when a text is longer than its column: it is
    /// never cut. Misconfigured when the driver would round a number. The driver itself may keep
    /// all rows in memory: ask for those that are wanted.
    base::Result<bool> fetch(Block& rows);

  private:
    friend class Connection;
    struct State;

    explicit Statement(std::unique_ptr<State> state);
    static base::Result<Statement> prepare(std::shared_ptr<Session> session, std::string_view sql);

    base::Status bind(const Block& rows);
    base::Status execute(std::size_t rows);
    base::Status check_all_done();
    base::Status bind_columns(Block& rows);
    base::Status check_texts(const Block& rows) const;
    base::Status check_rounding(const Block& rows);
    bool has_zone(std::int16_t number) const;
    base::Error failed(std::string_view doing) const;

    std::unique_ptr<State> state_;
};

}  // namespace odbc
