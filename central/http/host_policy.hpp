#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace http {

/// Decides by the Host header whether a request was meant for us. A foreign page can point a name
/// of its own at this machine and read our answers as "the same origin" (DNS rebinding); the one
/// thing it cannot do is to make the browser send a name that is ours.
class HostPolicy {
  public:
    /// `names` beside the loopback ones, without ports, in any case.
    explicit HostPolicy(const std::vector<std::string>& names);

    /// `host` as sent, with or without a port; `local_address` is where the connection came in: an
    /// address typed into the address bar is no name and cannot be rebound.
    bool allows(std::string_view host, std::string_view local_address) const;

  private:
    std::vector<std::string> names_;
};

/// A Host header's or address's name without its port and brackets, in lower case; empty when it is
/// not well formed.
std::string host_name(std::string_view host);

}  // namespace http
