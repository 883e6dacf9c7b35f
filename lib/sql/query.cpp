#include "sql/query.hpp"

#include "base/ensure.hpp"

namespace sql {

Query::Query(Statement& statement) : statement_(statement) {
    // Two uses at once would read each other's rows.
    ENSURE(!statement.is_busy());
}

Query::~Query() {
    statement_.reset();
}

Query& Query::bind(std::int64_t number) {
    statement_.bind(++bound_, number);
    return *this;
}

Query& Query::bind(double number) {
    statement_.bind(++bound_, number);
    return *this;
}

Query& Query::bind(std::string_view text) {
    statement_.bind(++bound_, text);
    return *this;
}

Query& Query::bind(std::span<const std::uint8_t> bytes) {
    statement_.bind(++bound_, bytes);
    return *this;
}

Query& Query::bind_null() {
    statement_.bind_null(++bound_);
    return *this;
}

base::Result<std::uint64_t> Query::run_and_count() {
    for (;;) {
        const auto row = next();
        if (!row) return row.error();
        if (!row.value()) return statement_.changed();
    }
}

std::optional<double> Query::optional_number(int column) const {
    if (is_null(column)) return std::nullopt;
    return number(column);
}

std::optional<base::EventTime> Query::optional_time(int column) const {
    if (is_null(column)) return std::nullopt;
    return time(column);
}

}  // namespace sql
