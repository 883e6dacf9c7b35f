#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "central/api/common/paging.hpp"
#include "central/http/problem.hpp"
#include "central/http/target.hpp"

namespace api {

/// What lists of what happened have in common: when, whether it still holds, and which page.
struct ListingQuestion {
    base::EventTime from{};  // Seven days ago by default.
    base::EventTime to{};
    std::optional<bool> is_open{};
    std::optional<std::int64_t> before{};  // The number of the last item already seen.
    std::size_t limit = 0;
};

/// Reads `from`, `to`, `state` ("open", or the word for what is over), `after` and `limit`. `from`
/// must be before `to`.
std::variant<ListingQuestion, http::Problem> parse_listing(const http::Target& target,
                                                           const char* over, base::EventTime now);

}  // namespace api
