#include "delivery/uplink/retransmission.hpp"

namespace delivery {

namespace {

// RFC 6298 §2.3: alpha = 1/8, beta = 1/4.
constexpr int kSmoothing = 8;
constexpr int kVariation = 4;
constexpr unsigned kDoublingsMax = 16;  // Far more than `longest` ever allows.

}  // namespace

void Retransmission::add_round_trip(base::Duration round_trip) {
    round_trip = std::max(round_trip, base::Duration{1});
    if (smoothed_ == base::Duration::zero()) {
        smoothed_ = round_trip;
        variation_ = round_trip / 2;
        return;
    }
    const auto error = smoothed_ > round_trip ? smoothed_ - round_trip : round_trip - smoothed_;
    variation_ += (error - variation_) / kVariation;
    smoothed_ += (round_trip - smoothed_) / kSmoothing;
}

base::Duration Retransmission::base_wait() const {
    return std::clamp(smoothed_ + 4 * variation_, options_.shortest, options_.longest);
}

base::Duration Retransmission::next_wait() {
    const auto least = base_wait();
    const auto doubled = least * (base::Duration::rep{1} << std::min(timeouts_, kDoublingsMax));
    const auto spread = std::min(doubled, options_.longest) - least;
    return least + base::Duration{static_cast<base::Duration::rep>(
                       random_.below(static_cast<std::uint64_t>(spread.count()) + 1))};
}

}  // namespace delivery
