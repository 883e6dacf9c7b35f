#include "delivery/uplink/send_window.hpp"

#include <algorithm>

namespace delivery {

using base::Instant;

void SendWindow::add(std::uint64_t first, std::uint64_t last, Instant now) {
    next_ = last + 1;
    batches_.push_back(
        {.first = first, .last = last, .sent = now, .due = now + timer_.next_wait()});
}

void SendWindow::repeat_oldest(std::uint64_t first, std::uint64_t last, Instant now) {
    timer_.back_off();
    batches_.front() = {.first = first,
                        .last = last,
                        .sent = now,
                        .due = now + timer_.next_wait(),
                        .repeated = true};
}

void SendWindow::release(std::uint64_t durable, Instant now) {
    next_ = std::max(next_, durable + 1);
    if (is_empty() || oldest().last > durable) return;
    while (!is_empty() && oldest().last <= durable) {
        if (!oldest().repeated) timer_.add_round_trip(now - oldest().sent);
        batches_.pop_front();
    }
    timer_.reset_back_off();
    if (!is_empty()) batches_.front().due = now + timer_.next_wait();
}

void SendWindow::rewind() {
    if (!is_empty()) next_ = std::min(next_, oldest().first);
    batches_.clear();
}

void SendWindow::restart(std::uint64_t next) {
    batches_.clear();
    next_ = next;
}

}  // namespace delivery
