#include "postgres/options.hpp"

#include <utility>

namespace postgres {

void Outage::note_away(base::Instant until, std::string reason) {
    until_ = until;
    reason_ = std::move(reason);
}

void Outage::note_hang(base::Instant until, std::string reason) {
    note_away(until, std::move(reason));
    ++hangs_;
}

base::Status Outage::status(base::Instant now) const {
    if (now >= until_) return base::Done{};
    return base::Error{base::Fault::transient, reason_};
}

}  // namespace postgres
