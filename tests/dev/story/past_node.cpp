#include "dev/story/past_node.hpp"

#include <fmt/format.h>

#include <utility>

#include "agent/sampling/sampler.hpp"
#include "dev/story/past_clock.hpp"
#include "dev/story/twisted_driver.hpp"
#include "wire/identity.hpp"

namespace story {

namespace {

using namespace std::chrono_literals;

constexpr base::Duration kStep = 10s;  // Every period of the demo's nodes is a multiple of it.
constexpr base::Duration kNoTime = -20h * 24 * 365;  // Without a battery: some day in the past.

/// Records are what costs time. While there was a network they are an hour's, as nobody can tell
/// the difference; without one the node's own, of which the outbox fills up.
constexpr base::Duration kFlushConnected = 1h;
constexpr std::size_t kLinesAtOnce = 32;  // In a commit: the disk is what costs most.

}  // namespace

/// Everything of a node that ends with its power.
struct PastNode::Boot {
    Boot(PastNode& node, bool knows_time)
        : world(node.now_, node.now_, base::Duration{0}),
          own(node.now_, node.now_, knows_time ? base::Duration{0} : kNoTime),
          is_synced(knows_time),
          watch(sources(fmt::format("{}/{}", node.config_.agent.node, node.boots_)),
                agent::BeforeSync::boot, "") {}

    agent::ClockSources sources(const std::string& name) {
        return {.discipline = [this] { return discipline(); },
                .boot_id = fmt::format("{:016x}", wire::fnv1a64(name))};
    }
    agent::Discipline discipline() const { return {.synced = is_synced, .error = 5ms}; }

    PastClock world;  // The sensors measure what is, whatever the node thinks of the time.
    PastClock own;
    bool is_synced;
    agent::KernelClockWatch watch;
    std::optional<agent::Sampler> sampler;
    base::EventTime flushed_at{};
};

base::Result<std::unique_ptr<PastNode>> PastNode::open(agent::Config config, base::EventTime end) {
    auto outbox = delivery::SqliteOutbox::open(config.outbox);
    if (!outbox) return outbox.error();
    return std::unique_ptr<PastNode>(
        new PastNode(std::move(config), std::move(outbox).value(), end));
}

PastNode::PastNode(agent::Config config, std::unique_ptr<delivery::SqliteOutbox> outbox,
                   base::EventTime end)
    : config_(std::move(config)),
      life_(life_of(config_.agent.node)),
      outbox_(std::move(outbox)),
      end_(end),
      now_(end - kLength) {}

PastNode::~PastNode() = default;

base::Status PastNode::begin_boot(bool knows_time) {
    ++boots_;
    auto boot = std::make_unique<Boot>(*this, knows_time);
    auto made = agent::make_sensors(config_, boot->world,
                                    [](const auto&) { return std::optional<std::string>{}; });
    if (!made) return made.error();
    auto sensors = std::move(made).value();
    for (auto& sensor : sensors) {
        sensor.driver = std::make_unique<TwistedDriver>(std::move(sensor.driver), sensor.name,
                                                        life_.twists, boot->world, end_);
    }
    boot->sampler.emplace(agent::SamplerOptions{}, std::move(sensors), boot->own, boot->watch,
                          counters_);
    boot->flushed_at = now_;
    boot_ = std::move(boot);
    return base::Done{};
}

base::Status PastNode::live_until(base::EventTime until) {
    for (; now_ < until; now_ += kStep) {
        if (auto changed = follow_power(); !changed) return changed;
        if (!boot_) continue;
        boot_->sampler->tick(boot_->own.instant(), true);
        if (!is_flush_due()) continue;
        flush();
        if (waiting_.lines.size() < kLinesAtOnce) continue;
        if (auto done = commit(); !done) return done;
    }
    if (boot_) flush();
    return commit();
}

/// Begins and ends boots, and sets the clock, when it is time.
base::Status PastNode::follow_power() {
    const auto& cut = life_.power_cut;
    const auto ago = end_ - now_;
    const bool is_off = cut && ago <= cut->began && ago > cut->ended;
    if (is_off) return boot_ ? end_boot() : base::Done{};
    const bool knows_time = !cut || ago > cut->began || ago <= cut->clock_set;
    if (!boot_) return begin_boot(knows_time);
    if (knows_time && !boot_->is_synced) {
        boot_->is_synced = true;
        boot_->own.set({});
    }
    return base::Done{};
}

base::Status PastNode::end_boot() {
    boot_->sampler->close();
    flush();
    boot_.reset();
    return commit();
}

bool PastNode::is_offline() const {
    const auto ago = end_ - now_;
    return life_.outage && ago < life_.outage->began && ago >= life_.outage->ended;
}

bool PastNode::is_flush_due() const {
    return is_offline() || boot_->sampler->is_full() || now_ >= boot_->flushed_at + kFlushConnected;
}

void PastNode::flush() {
    boot_->flushed_at = now_;
    const auto flush = boot_->sampler->take_flush();
    waiting_.lines.insert(waiting_.lines.end(), flush.lines.begin(), flush.lines.end());
    waiting_.contents.insert(waiting_.contents.end(), flush.contents.begin(), flush.contents.end());
}

base::Status PastNode::commit() {
    auto flush = std::exchange(waiting_, {});
    if (flush.lines.empty()) return base::Done{};
    flush.settled = settled_;
    return outbox_->append(flush);
}

}  // namespace story
