#pragma once

#include <string>
#include <vector>

#include "postgres/link.hpp"
#include "sql/statement.hpp"

namespace postgres {

/// A prepared statement on the server, or a cursor that gives its rows a few at a time. The next
/// ones are on their way while these are read: a reader that rests for long is cut off.
class Statement final : public sql::Statement {
  public:
    Statement(Link& link, std::string sql, bool is_walk)
        : link_(link), sql_(std::move(sql)), is_walk_(is_walk) {}

    bool is_busy() const override { return is_busy_; }
    void bind(int place, std::int64_t number) override { set(place, number); }
    void bind(int place, double number) override { set(place, number); }
    void bind(int place, std::string_view text) override { set(place, text); }
    void bind(int place, std::span<const std::uint8_t> bytes) override { set(place, bytes); }
    void bind_null(int place) override { set(place, {}); }
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
    void set(int place, Value value);
    base::Status prepare();
    base::Result<Parameters> parameters(int bound) const;
    base::Status send(int bound);
    std::string fetch_text();
    base::Result<Answer> next_rows();
    base::Status fetch();
    base::Status open_cursor(int bound);
    void drop_awaited(bool is_own_transaction);
    void close_cursor();

    Link& link_;
    std::string sql_;
    bool is_walk_;
    std::string name_;  // Empty until it is prepared.
    std::vector<Oid> types_;
    std::vector<Value> values_;
    Answer answer_;
    int row_ = -1;
    int rows_asked_ = 0;     // By the newest FETCH.
    bool is_last_ = false;   // Behind the rows of the answer there are no more.
    bool is_ahead_ = false;  // The next ones are asked for,
    Awaited awaited_;        // and come here.
    bool is_busy_ = false;
    bool has_cursor_ = false;
    bool has_own_transaction_ = false;
    mutable std::string scratch_;
};

}  // namespace postgres
