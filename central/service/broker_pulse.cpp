#include "central/service/broker_pulse.hpp"

namespace central {

namespace {

/// Something is published every second, and a broker confirms it within milliseconds.
constexpr base::Duration kConfirmationMax = std::chrono::seconds{2};

/// Between two looks, when nothing keeps central busy.
constexpr base::Duration kGlance = std::chrono::milliseconds{500};

}  // namespace

void BrokerPulse::observe(const broker::Connection& connection, std::size_t unconfirmed,
                          base::Instant now) {
    const auto unobserved = observed_at_ ? now - *observed_at_ : base::Duration::zero();
    observed_at_ = now;
    if (unconfirmed_since_ && unobserved > kGlance) *unconfirmed_since_ += unobserved;
    if (unconfirmed == 0) {
        unconfirmed_since_.reset();
    } else if (!unconfirmed_since_) {
        unconfirmed_since_ = now;
    }
    status_ = base::Done{};
    if (const auto trouble = connection.trouble(); !trouble.empty()) {
        status_ = base::Error{base::Fault::transient, trouble};
    } else if (unconfirmed_since_ && now - *unconfirmed_since_ > kConfirmationMax) {
        status_ =
            base::Error{base::Fault::transient,
                        "the broker is connected and confirms nothing: it is frozen, or cut off"};
    }
}

}  // namespace central
