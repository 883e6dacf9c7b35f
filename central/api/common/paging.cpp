#include "central/api/common/paging.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace api {

namespace {

constexpr std::size_t kLimitMax = 1000;

}  // namespace

std::vector<http::Parameter> with_paging(std::vector<http::Parameter> own) {
    own.push_back({"limit"});
    own.push_back({"after"});
    return own;
}

std::variant<PageQuestion, http::Problem> parse_page(const http::Target& target) {
    PageQuestion page;
    page.after = target.find("after").value_or("");
    const auto text = target.find("limit");
    if (!text) return page;
    page.limit = base::parse_number<std::size_t>(*text).value_or(0);
    if (page.limit > 0 && page.limit <= kLimitMax) return page;
    return http::bad_parameter("limit", fmt::format("a whole number from 1 to {}", kLimitMax));
}

void write_next(base::JsonWriter& json, const std::string* last_key) {
    json.key("next");
    if (last_key == nullptr) {
        json.null();
    } else {
        json.value(*last_key);
    }
}

}  // namespace api
