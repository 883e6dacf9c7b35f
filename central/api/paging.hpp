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

/// The parameters that every list understands beside its own.
std::vector<http::Parameter> with_paging(std::vector<http::Parameter> own);

/// Reads `limit` and `after`. Whatever stands in `after` is a key: there may be no item of that
/// name any more.
std::variant<PageQuestion, http::Problem> parse_page(const http::Target& target);

/// Ends a list: "next" is what to give as `after` for the rest; null when there is none.
void write_next(base::JsonWriter& json, const std::string* last_key);

}  // namespace api
