#include "simulation/node.hpp"

#include <string>
#include <vector>

#include "base/ensure.hpp"

namespace simulation {

namespace {

/// Measures once a trigger: a value that never comes twice, now and then a failure.
class Gauge final : public drivers::Driver {
  public:
    Gauge(Surface& surface, base::Random& random) : surface_(surface), random_(random) {}

    const std::vector<drivers::Quantity>& quantities() const override { return quantities_; }

    void trigger(base::Instant now) override {
        if (surface_.quiet) return;
        if (random_.chance(1, 20)) {
            harvest_.failures.push_back({.reason = "checksum", .taken = now, .edges_us = {}});
            return;
        }
        for (auto i = surface_.at_once; i > 0; --i) {
            harvest_.measurements.push_back({.quantity = 0,
                                             .value = surface_.next_value++,
                                             .taken = now - base::Duration{i - 1},
                                             .source_time = {}});
        }
    }

    drivers::Harvest collect(base::Instant /*now*/, std::size_t /*measurements_max*/) override {
        return std::exchange(harvest_, {});
    }

  private:
    Surface& surface_;
    base::Random& random_;
    std::vector<drivers::Quantity> quantities_{
        {.name = "value", .kind = "value", .unit = "/", .least = {}, .most = {}, .resolution = {}}};
    drivers::Harvest harvest_;
};

/// Reads a file whose row n is the value n at time n·7 s, from the position that was committed.
class Tape final : public drivers::Driver {
  public:
    Tape(Surface& surface, const std::optional<std::string>& position)
        : surface_(surface), row_(position ? std::stoull(*position) : 0) {}

    const std::vector<drivers::Quantity>& quantities() const override { return quantities_; }
    void trigger(base::Instant /*now*/) override {}

    drivers::Harvest collect(base::Instant now, std::size_t measurements_max) override {
        drivers::Harvest harvest;
        while (row_ < surface_.file_rows && harvest.measurements.size() < measurements_max) {
            ++row_;
            harvest.measurements.push_back(
                {.quantity = 0,
                 .value = static_cast<double>(row_),
                 .taken = now,
                 .source_time = base::from_milliseconds(static_cast<std::int64_t>(row_) * 7'000)});
        }
        if (!harvest.measurements.empty()) harvest.position = std::to_string(row_);
        return harvest;
    }

    bool can_wait() const override { return true; }

  private:
    Surface& surface_;
    std::uint64_t row_;
    std::vector<drivers::Quantity> quantities_{
        {.name = "row", .kind = "row", .unit = "/", .least = {}, .most = {}, .resolution = {}}};
};

class SyncedWatch final : public agent::ClockWatch {
  public:
    wire::ClockState state() const override { return wire::ClockState::synced; }
};

std::unique_ptr<agent::SqliteOutbox> open_outbox(const std::string& node, const PowerCutDisk& disk,
                                                 base::Random& random, std::uint64_t quota) {
    agent::SqliteOutboxOptions options;
    options.path = "/outbox.db";
    options.node = node;
    options.vfs = disk.vfs_name();
    options.quota = quota;
    options.new_incarnation = [&random] { return random.next(); };
    auto outbox = agent::SqliteOutbox::open(options);
    return outbox ? std::move(outbox).value() : nullptr;
}

}  // namespace

/// The node's own idea of the wall time.
class Node::Clock final : public base::Clock {
  public:
    explicit Clock(const Node& node) : node_(node) {}
    base::EventTime event_time() const override { return node_.clock_.event_time() + node_.skew_; }
    base::Instant instant() const override { return node_.clock_.instant(); }

  private:
    const Node& node_;
};

/// All that lives in the process.
struct Node::Program {
    Program(Node& node, std::unique_ptr<agent::SqliteOutbox> store)
        : outbox(std::move(store)),
          ledger_outbox(*outbox, node.ledger_, node.name_),
          connection(node.relay_, {wire::Topics{}.ack(node.name_)}),
          sampler({}, sensors(node), *node.own_clock_, watch, counters),
          agent(options(node), *node.own_clock_, ledger_outbox, connection, sampler, watch,
                counters, node.random_.next()) {}

    std::vector<agent::Sensor> sensors(Node& node) {
        std::vector<agent::Sensor> list;
        list.push_back({.name = "gauge",
                        .kind = "gauge",
                        .period = std::chrono::seconds{1},
                        .driver = std::make_unique<Gauge>(node.surface_, node.random_)});
        list.push_back(
            {.name = "tape",
             .kind = "tape",
             .period = {},
             .driver = std::make_unique<Tape>(node.surface_, ledger_outbox.position("tape"))});
        return list;
    }

    static agent::AgentOptions options(const Node& node) {
        agent::AgentOptions options;
        options.node = node.name_;
        options.version = "simulated";
        return options;
    }

    std::unique_ptr<agent::SqliteOutbox> outbox;
    LedgerOutbox ledger_outbox;
    SimulatedConnection connection;
    base::Counters counters;
    SyncedWatch watch;
    agent::Sampler sampler;
    agent::Agent agent;
};

Node::Node(std::string name, LossyBroker& relay, const support::ManualClock& clock, Ledger& ledger,
           base::Random& random, bool under_pressure)
    : name_(std::move(name)),
      relay_(relay),
      clock_(clock),
      ledger_(ledger),
      random_(random),
      disk_(random),
      own_clock_(std::make_unique<Clock>(*this)),
      quota_(under_pressure ? agent::SqliteOutbox::kQuotaMin : agent::SqliteOutboxOptions{}.quota) {
    if (under_pressure) surface_.at_once = 400;
    start();
}

Node::~Node() = default;

void Node::tick() {
    if (!surface_.quiet) surface_.file_rows += random_.below(4);
    if (!program_) return;
    program_->connection.tick(clock_.instant());
    program_->agent.tick(clock_.instant());
    if (program_->outbox->extent().hole) ++holes_;
    if (disk_.is_cut()) lose_power();
}

void Node::lose_power() {
    ++power_cuts_;
    kill();
    disk_.restore();
}

void Node::kill() {
    if (!program_) return;
    doubt_ = program_->ledger_outbox.doubt();
    thinned_before_ = thinned();
    evicted_before_ = evicted();
    program_.reset();
}

void Node::start() {
    auto outbox = open_outbox(name_, disk_, random_, quota_);
    if (!outbox) {
        // The power failed again while it started.
        ENSURE(disk_.is_cut());
        ++power_cuts_;
        disk_.restore();
        return;
    }
    ENSURE(outbox->damaged() == 0);
    settle_doubt(doubt_, *outbox, ledger_, name_);
    doubt_.reset();
    program_ = std::make_unique<Program>(*this, std::move(outbox));
}

bool Node::settled() const {
    return program_ && surface_.quiet && !program_->ledger_outbox.doubt() &&
           program_->agent.uplink().applied() == program_->outbox->extent().head &&
           program_->ledger_outbox.position("tape") == std::to_string(surface_.file_rows);
}

std::uint64_t Node::head() const {
    return program_ ? program_->outbox->extent().head : 0;
}

std::uint64_t Node::thinned() const {
    return thinned_before_ + (program_ ? program_->outbox->extent().thinned : 0);
}

std::uint64_t Node::evicted() const {
    return evicted_before_ + (program_ ? program_->outbox->extent().evicted : 0);
}

std::uint64_t Node::applied() const {
    return program_ ? program_->agent.uplink().applied() : 0;
}

}  // namespace simulation
