#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/result.hpp"

namespace sql {

/// A prepared statement of one connection, which knows nothing of who uses it: a Query does. Values
/// are counted from 1, columns from 0. Bound values must outlive the run.
class Statement {
  public:
    virtual ~Statement() = default;

    /// Whether rows of it are being read.
    virtual bool is_busy() const = 0;
    virtual void bind(int place, std::int64_t number) = 0;
    virtual void bind(int place, double number) = 0;
    virtual void bind(int place, std::string_view text) = 0;
    virtual void bind(int place, std::span<const std::uint8_t> bytes) = 0;
    virtual void bind_null(int place) = 0;

    /// Moves to the next row; false when there is none. `bound` values must be as many as it needs.
    virtual base::Result<bool> next(int bound) = 0;

    /// Runs it to its end, or sees to it that it runs before anything can see that it did not.
    virtual base::Status run(int bound) = 0;

    /// The rows that the last run changed.
    virtual std::uint64_t changed() const = 0;

    virtual bool is_null(int column) const = 0;
    virtual std::int64_t integer(int column) const = 0;
    virtual double number(int column) const = 0;
    virtual std::string_view text(int column) const = 0;
    virtual std::span<const std::uint8_t> bytes(int column) const = 0;

    /// Ends the use: forgets the values and the rows.
    virtual void reset() = 0;
};

}  // namespace sql
