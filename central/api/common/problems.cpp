#include "central/api/common/problems.hpp"

#include <fmt/format.h>

#include "base/settings.hpp"

namespace api {

namespace {

constexpr std::size_t kComparedBytesMax = 128;

}  // namespace

http::Problem query_failed(const base::Error& error) {
    const bool later = error.fault == base::Fault::transient;
    return {.status = later ? 503 : 500,
            .slug = "store-unavailable",
            .title = "The store cannot be asked",
            .detail = error.detail,
            .errors = {}};
}

http::Problem not_known(const std::string& kind, const std::string& name,
                        const std::vector<std::string>& known) {
    auto detail = fmt::format("there is no {} \"{}\"", kind, name);
    // A suggestion must stay cheap: there is none for a text that cannot be a name, nor in a huge
    // fleet.
    const bool worth_it = name.size() <= kComparedBytesMax && known.size() <= kComparedNamesMax;
    if (const auto near = worth_it ? base::nearest_word(name, known) : std::nullopt) {
        detail += fmt::format("; did you mean \"{}\"?", *near);
    }
    return {.status = 404,
            .slug = "unknown-" + kind,
            .title = fmt::format("There is no such {}", kind),
            .detail = detail,
            .errors = {{kind, detail}}};
}

}  // namespace api
