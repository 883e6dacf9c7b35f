#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "base/json.hpp"
#include "central/http/problem.hpp"
#include "central/http/target.hpp"

namespace api {

/// Which part of a list a request asks for.
struct PageQuestion {
    std::string after;        // The key of the last item already seen; empty for the beginning.
    std::size_t limit = 200;  // Items at most: 1 … 1000.
};

/// Adds the parameters that every list has to the list's own.
std::vector<http::Parameter> with_paging(std::vector<http::Parameter> own);

/// Reads `limit` and `after`. Any text is a valid `after`, as the item of that name may be gone.
std::variant<PageQuestion, http::Problem> parse_page(const http::Target& target);

/// Writes "next", which gives the rest when passed as `after`; null at the end of the list.
void write_next(base::JsonWriter& json, const std::string* last_key);

}  // namespace api
