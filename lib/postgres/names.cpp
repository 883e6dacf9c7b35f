#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <map>
#include <memory>

#include "postgres/options.hpp"

namespace postgres {

namespace {

using Settings = std::map<std::string, std::string>;

/// libpq quotes what it cannot read, and that may be a password.
bool may_hold_password(const std::string& place) {
    const auto at = place.find('@');
    const auto colon = place.find(':', std::min(place.size(), place.find("://") + 3));
    return (at != std::string::npos && colon < at) || place.find("password") != std::string::npos;
}

base::Result<Settings> parse(const std::string& place) {
    char* reason = nullptr;
    const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> all{
        PQconninfoParse(place.c_str(), &reason), PQconninfoFree};
    const std::unique_ptr<char, void (*)(void*)> freed{reason, PQfreemem};
    if (!all && may_hold_password(place)) {
        return base::Error{base::Fault::malformed, "libpq cannot read it"};
    }
    if (!all) {
        std::string why = reason == nullptr ? "" : reason;
        while (why.ends_with('\n')) why.pop_back();
        return base::Error{base::Fault::malformed, why};
    }
    Settings settings;
    for (const auto* one = all.get(); one->keyword != nullptr; ++one) {
        if (one->val != nullptr) settings[one->keyword] = one->val;
    }
    return settings;
}

}  // namespace

base::Result<std::string> name_of(const std::string& place) {
    const auto parsed = parse(place);
    if (!parsed) return parsed.error();
    const auto setting = [&](const char* key) {
        const auto found = parsed.value().find(key);
        return found == parsed.value().end() ? std::string{} : found->second;
    };
    auto host = setting("host");
    if (host.empty()) host = setting("hostaddr");
    const auto user = setting("user");
    const auto port = setting("port");
    const auto service = setting("service");
    return fmt::format("postgresql://{}{}{}{}/{}{}", user, user.empty() ? "" : "@", host,
                       port.empty() ? "" : ":" + port, setting("dbname"),
                       service.empty() ? "" : " (service " + service + ")");
}

bool has_password(const std::string& place) {
    const auto parsed = parse(place);
    if (!parsed) return false;
    return parsed.value().contains("password") || parsed.value().contains("sslpassword");
}

}  // namespace postgres
