#pragma once

#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "postgres/link.hpp"
#include "sql/statement.hpp"

namespace postgres {

/// An INSERT whose rows are collected, column by column, and written by one statement; a row with
/// the key of one before it begins another. Misconfigured when a column is of a strange type.
class Batch final : public sql::Statement, private Pending {
  public:
    Batch(Link& link, std::string sql) : link_(link), sql_(std::move(sql)) {}

    bool is_busy() const override { return false; }
    void bind(int place, std::int64_t number) override { set(place, number); }
    void bind(int place, double number) override { set(place, number); }
    void bind(int place, std::string_view text) override { set(place, text); }
    void bind(int place, std::span<const std::uint8_t> bytes) override { set(place, bytes); }
    void bind_null(int place) override { set(place, {}); }
    base::Result<bool> next(int bound) override;
    base::Status run(int bound) override;
    std::uint64_t changed() const override { return 0; }
    bool is_null(int /*column*/) const override { return true; }
    std::int64_t integer(int /*column*/) const override { return 0; }
    double number(int /*column*/) const override { return 0; }
    std::string_view text(int /*column*/) const override { return {}; }
    std::span<const std::uint8_t> bytes(int /*column*/) const override { return {}; }
    void reset() override { values_.clear(); }

  private:
    /// A column of the table, and its values as elements of an array.
    struct Column {
        std::string name{};
        std::string type_name{};
        Oid type = 0;
        Oid array = 0;
        std::string elements{};
        bool has_null = false;
    };

    void set(int place, Value value);
    base::Status prepare();
    base::Status find_types(const std::vector<std::string>& columns);
    void find_key(std::string_view rest);
    base::Status keep_apart();
    base::Status add_row();
    base::Error misfit(const Column& column) const;
    base::Status write() override;
    void discard() override;

    Link& link_;
    std::string sql_;
    std::string name_;  // Empty until it is prepared.
    std::vector<Value> values_;
    std::string table_;
    std::vector<Column> columns_;
    std::optional<std::vector<std::size_t>> key_;  // Places of columns; none: no row changes one.
    std::unordered_set<std::string> keys_;         // Of the collected rows.
    std::size_t rows_ = 0;
    std::size_t bytes_ = 0;
};

}  // namespace postgres
