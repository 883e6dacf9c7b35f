#include "central/http/admission.hpp"

namespace http {

namespace {

constexpr std::size_t kOneKeptOf = 16;

}  // namespace

Admission admit(const Crowd& crowd, const ServerOptions& options) {
    const auto kept =
        crowd.is_own_machine ? 0 : (options.connections_max + kOneKeptOf - 1) / kOneKeptOf;
    if (crowd.connections + kept >= options.connections_max) return Admission::all_full;
    if (!crowd.is_own_machine && crowd.of_peer >= options.connections_per_peer_max) {
        return Admission::peer_full;
    }
    return Admission::granted;
}

}  // namespace http
