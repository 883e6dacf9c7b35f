#include "central/api/common/listing.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

#include "central/api/common/time_text.hpp"

namespace api {

namespace {

using MaybeProblem = std::optional<http::Problem>;

MaybeProblem read_time(const http::Target& target, const char* name, base::EventTime now,
                       base::EventTime& time) {
    const auto text = target.find(name);
    if (!text) return std::nullopt;
    const auto parsed = parse_time(*text, now);
    if (!parsed) return http::bad_parameter(name, parsed.error().detail);
    time = parsed.value();
    return std::nullopt;
}

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
    std::int64_t number = 0;
    const auto* const end = after.data() + after.size();
    const auto parsed = std::from_chars(after.data(), end, number);
    if (parsed.ec != std::errc{} || parsed.ptr != end) {
        return http::bad_parameter("after", "what an earlier answer gave as next");
    }
    question.before = number;
    return std::nullopt;
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
