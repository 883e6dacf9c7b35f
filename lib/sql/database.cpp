#include "sql/database.hpp"

namespace sql {

base::Result<std::int64_t> Database::number(std::string_view sql) {
    auto query = this->query(sql);
    const auto row = query.next();
    if (!row) return row.error();
    return row.value() ? query.integer(0) : 0;
}

}  // namespace sql
