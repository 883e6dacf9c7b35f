#pragma once

#include <string>
#include <string_view>

namespace jobs {

/// A name in double quotes: to PostgreSQL's SQL, and to pg_dump, it means exactly itself.
inline std::string quoted_name(std::string_view name) {
    std::string text{'"'};
    for (const char c : name) {
        if (c == '"') text += c;
        text += c;
    }
    return text + '"';
}

}  // namespace jobs
