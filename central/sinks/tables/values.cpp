#include "central/sinks/tables/values.hpp"

#include <algorithm>

namespace sinks {

wire::ChainHash read_hash(const sql::Query& row, int column) {
    wire::ChainHash hash;
    const auto bytes = row.bytes(column);
    std::copy_n(bytes.begin(), std::min(bytes.size(), hash.bytes.size()), hash.bytes.begin());
    return hash;
}

wire::Incarnation read_incarnation(const sql::Query& row, int column) {
    return wire::parse_incarnation(row.text(column)).value_or(wire::Incarnation{});
}

std::optional<base::Duration> read_duration(const sql::Query& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return base::Duration{row.integer(column)};
}

base::Result<std::int64_t> returned_id(sql::Query& query) {
    auto row = query.next();
    if (!row) return row.error();
    const auto id = query.integer(0);
    if (auto ended = query.run(); !ended) return ended.error();
    return id;
}

}  // namespace sinks
