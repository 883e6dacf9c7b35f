#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace http {

/// Decides by the Host header whether a request was meant for us. A foreign page can point a name
/// of its own at this machine and read our answers as "the same origin" (DNS rebinding). What it
/// cannot do is make the browser send a name of ours.
class HostPolicy {
  public:
    /// `names` are allowed beside the loopback ones. They have no ports; case does not matter.
    explicit HostPolicy(const std::vector<std::string>& names);

    /// `host` is as sent, with or without a port. `local_address` is where the connection came in:
    /// it is allowed, as an address is not a name and cannot be rebound.
    bool allows(std::string_view host, std::string_view local_address) const;

  private:
    std::vector<std::string> names_;
};

/// The name in a Host header or an address, in lower case, without port and brackets; empty when
/// the text is malformed.
std::string host_name(std::string_view host);

}  // namespace http
