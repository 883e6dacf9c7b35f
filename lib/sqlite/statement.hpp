#pragma once

#include "sql/statement.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace sqlite {

/// A statement of SQLite's, which this owns.
class Statement final : public sql::Statement {
  public:
    /// `statement` is null if it could not be prepared; next() then returns the reason.
    Statement(sqlite3* connection, sqlite3_stmt* statement);
    ~Statement() override;
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    bool is_prepared() const { return statement_ != nullptr; }

    bool is_busy() const override;
    void bind(int place, std::int64_t number) override;
    void bind(int place, double number) override;
    void bind(int place, std::string_view text) override;
    void bind(int place, std::span<const std::uint8_t> bytes) override;
    void bind_null(int place) override;
    base::Result<bool> next(int bound) override;
    base::Status run(int bound) override;
    std::uint64_t changed() const override;
    bool is_null(int column) const override;
    std::int64_t integer(int column) const override;
    double number(int column) const override;
    std::string_view text(int column) const override;
    std::span<const std::uint8_t> bytes(int column) const override;
    void reset() override;

  private:
    void check_bound(int code) const;

    sqlite3* connection_;
    sqlite3_stmt* statement_;
};

}  // namespace sqlite
