#include "central/http/host_policy.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace http {

namespace {

bool is_port(std::string_view text) {
    return text.size() <= 5 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string host_name(std::string_view host) {
    const bool bracketed = host.starts_with('[');
    if (!bracketed && std::count(host.begin(), host.end(), ':') > 1)
        return base::lower(host);  // IPv6.
    const auto end = bracketed ? host.find(']') : host.find(':');
    if (bracketed && end == std::string_view::npos) return {};
    auto rest = end == std::string_view::npos ? std::string_view{} : host.substr(end);
    auto name = host.substr(0, end);
    if (bracketed) {
        name.remove_prefix(1);
        rest.remove_prefix(1);
    }
    if (!rest.empty() && (rest.front() != ':' || !is_port(rest.substr(1)))) return {};
    if (name.ends_with('.')) name.remove_suffix(1);  // "localhost." is the same name.
    return base::lower(name);
}

HostPolicy::HostPolicy(const std::vector<std::string>& names)
    : names_{"localhost", "127.0.0.1", "::1"} {
    for (const auto& name : names) names_.push_back(host_name(name));
}

bool HostPolicy::allows(std::string_view host, std::string_view local_address) const {
    const auto name = host_name(host);
    if (name.empty()) return false;
    return name == local_address || std::find(names_.begin(), names_.end(), name) != names_.end();
}

}  // namespace http
