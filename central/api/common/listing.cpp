#include "central/api/common/listing.hpp"

#include <fmt/format.h>

#include <chrono>

#include "base/text.hpp"
#include "central/api/common/time_text.hpp"

namespace api {

namespace {

using MaybeProblem = std::optional<http::Problem>;

MaybeProblem read_state(const http::Target& target, const char* over,
                        std::optional<bool>& is_open) {
    const auto text = target.find("state");
    if (!text) return std::nullopt;
    if (*text != "open" && *text != over) {
        return http::bad_parameter("state", fmt::format("open or {}", over));
    }
    is_open = *text == "open";
    return std::nullopt;
}

MaybeProblem read_page(const http::Target& target, ListingQuestion& question) {
    auto page = parse_page(target);
    if (auto* problem = std::get_if<http::Problem>(&page)) return std::move(*problem);
    const auto& [after, limit] = std::get<PageQuestion>(page);
    question.limit = limit;
    if (after.empty()) return std::nullopt;
    question.before = base::parse_number<std::int64_t>(after);
    if (question.before) return std::nullopt;
    return http::bad_parameter("after", "what an earlier answer gave as next");
}

}  // namespace

std::variant<ListingQuestion, http::Problem> parse_listing(const http::Target& target,
                                                           const char* over, base::EventTime now) {
    ListingQuestion question;
    question.from = now - std::chrono::hours{7 * 24};
    question.to = base::EventTime{std::chrono::sys_days{std::chrono::year{9999} / 1 / 1}};
    for (auto problem :
         {read_time(target, "from", now, question.from), read_time(target, "to", now, question.to),
          read_state(target, over, question.is_open), read_page(target, question)}) {
        if (problem) return std::move(*problem);
    }
    if (question.from >= question.to) return http::bad_parameter("from", "must be before to");
    return question;
}

}  // namespace api
