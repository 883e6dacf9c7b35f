#include "central/replay/trial.hpp"

#include <numeric>
#include <utility>

namespace replay {

namespace {

constexpr std::size_t kRowsMax = 20'000;

}  // namespace

Trial::Trial(engine::EngineOptions options, const std::vector<engine::SeriesRow>& declared)
    : memory_(declared), engine_(std::move(options), memory_) {}

base::Status Trial::apply(const std::string& node, const std::vector<PastRecord>& records) {
    for (const auto& record : records) {
        const engine::Arrival arrival{.node = node,
                                      .incarnation = record.origin.incarnation,
                                      .mark = {.seq = ++seq_, .hash = {}},
                                      .received = record.origin.received,
                                      .line = {}};
        const auto outcome =
            engine_.apply(arrival, wire::Record{.body = record.data, .origin = {}});
        if (!outcome) return outcome.error();
        const auto& aside = outcome.value().set_aside;
        set_aside_ = std::accumulate(aside.begin(), aside.end(), set_aside_);
        if (engine_.pending() > kRowsMax) memory_.commit(engine_.take_changes());
    }
    memory_.commit(engine_.take_changes());
    return base::Done{};
}

std::map<engine::WindowKey, engine::WindowRow> Trial::take_windows(base::EventTime end) {
    std::map<engine::WindowKey, engine::WindowRow> taken;
    for (auto it = memory_.windows.begin(); it != memory_.windows.end();) {
        const auto next = std::next(it);
        if (it->first.start + it->first.span <= end) taken.insert(memory_.windows.extract(it));
        it = next;
    }
    return taken;
}

}  // namespace replay
