#include "bridge/store.hpp"

namespace bridge {

/// The mark 0 is the beginning of every history, so it contradicts none.
wire::Ack ask_to_wait(const IngestRequest& request, base::Duration retry_after, std::string reason,
                      base::EventTime now) {
    const auto& incarnation = request.header.incarnation;
    return {.incarnation = incarnation,
            .answer = wire::Answer::busy,
            .durable = {.seq = 0, .hash = wire::Chain{}.start(request.node, incarnation)},
            .applied = {},
            .expected = request.header.base,
            .retry_after = retry_after,
            .reason = std::move(reason),
            .now = now};
}

}  // namespace bridge
