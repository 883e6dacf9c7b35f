#include "bridge/fake_store.hpp"

#include <memory>

namespace fake {

using base::Done;
using base::Error;
using base::Fault;

base::Result<std::vector<wire::Ack>> FakeStore::ingest(
    const std::vector<bridge::IngestRequest>& requests) {
    if (redis_.failure()) return *redis_.failure();
    const Error lost{Fault::transient, "the fake was told to fail"};
    const auto fail_point = redis_.take_fail_point();
    if (fail_point == FailPoint::before_write) return lost;
    const auto now = clock_.event_time();
    const auto cap = redis_.cap();
    std::vector<wire::Ack> acks;
    for (const auto& request : requests) {
        // The write is done a second time at the barrier, when this frame is gone.
        const auto ack = std::make_shared<wire::Ack>();
        const bool has_room = redis_.nodes() < redis_.options().nodes_max;
        redis_.write(redis_.partition_of(request.node), [=](Partition& partition) {
            *ack = partition.ingest(request, now, cap, has_room);
        });
        ack->now = now;
        if (ack->answer == wire::Answer::busy && !ack->reason.empty()) ++refused_nodes_;
        acks.push_back(*ack);
    }
    if (fail_point == FailPoint::after_write) return lost;
    redis_.barrier();
    if (fail_point == FailPoint::after_barrier) return lost;
    return acks;
}

/// A store without room passes a check all the same.
base::Status FakeStore::check() {
    const auto& failure = redis_.failure();
    if (failure && failure->fault != Fault::exhausted) return *redis_.failure();
    return Done{};
}

base::Status FakeStore::bury(const bridge::DeadLetter& letter) {
    if (redis_.failure()) return *redis_.failure();
    redis_.dead.push_back(letter);
    return Done{};
}

}  // namespace fake
