#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "sql/statement.hpp"

namespace sql {

/// One use of a prepared statement, which is free for the next use when this ends. Values are bound
/// from left to right, all of them, and must outlive the use. A wrong number of values or a wrong
/// column is a bug in the caller, not an Error.
class Query {
  public:
    explicit Query(Statement& statement);
    ~Query();
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    Query& bind(std::int64_t number);
    Query& bind(std::uint64_t number) { return bind(static_cast<std::int64_t>(number)); }
    Query& bind(double number);
    Query& bind(std::string_view text);
    Query& bind(std::span<const std::uint8_t> bytes);
    Query& bind(base::EventTime time) { return bind(base::to_milliseconds(time)); }
    Query& bind_null();
    template <class Value>
    Query& bind(const std::optional<Value>& value) {
        return value ? bind(*value) : bind_null();
    }

    /// Moves to the next row; false when there is none. Errors are those of Database.
    base::Result<bool> next() { return statement_.next(bound_); }

    /// Runs to the end and ignores the rows. In a transaction its Error may come with a later call,
    /// at the latest with that which commits.
    base::Status run() { return statement_.run(bound_); }

    /// Like run(); returns the number of rows that it changed. Its Error comes at once.
    base::Result<std::uint64_t> run_and_count();

    // The columns of the row, counted from 0.
    bool is_null(int column) const { return statement_.is_null(column); }
    std::int64_t integer(int column) const { return statement_.integer(column); }
    std::uint64_t count(int column) const { return static_cast<std::uint64_t>(integer(column)); }
    double number(int column) const { return statement_.number(column); }
    base::EventTime time(int column) const { return base::from_milliseconds(integer(column)); }
    std::string string(int column) const { return std::string{text(column)}; }
    /// Valid until the next call of next(), as are bytes().
    std::string_view text(int column) const { return statement_.text(column); }
    std::span<const std::uint8_t> bytes(int column) const { return statement_.bytes(column); }
    std::optional<double> optional_number(int column) const;
    std::optional<base::EventTime> optional_time(int column) const;

  private:
    Statement& statement_;
    int bound_ = 0;
};

}  // namespace sql
