#include "simulation/node.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "base/ensure.hpp"

namespace simulation {

namespace {

/// Measures once for each trigger: a value that never comes twice, or now and then a failure. Hands
/// it over at once or later.
class Gauge final : public drivers::Driver {
  public:
    Gauge(Surface& surface, base::Random& random, const base::Clock& world, const base::Clock& own)
        : surface_(surface), random_(random), world_(world), own_(own) {}

    const std::vector<drivers::Quantity>& quantities() const override { return quantities_; }

    void trigger(base::Instant now) override {
        if (surface_.quiet) return;
        if (random_.chance(1, 20)) {
            harvest_.failures.push_back({.reason = "checksum", .taken = now, .edges_us = {}});
            return;
        }
        for (auto i = surface_.at_once; i > 0; --i) {
            const base::Duration ago{i - 1};
            surface_.moments[surface_.next_value] = {.really = world_.event_time() - ago,
                                                     .shown = own_.event_time() - ago};
            harvest_.measurements.push_back({.quantity = 0,
                                             .value = surface_.next_value++,
                                             .taken = now - ago,
                                             .source_time = {}});
        }
    }

    drivers::Harvest collect(base::Instant /*now*/, std::size_t /*measurements_max*/) override {
        if (random_.chance(1, 4)) return {};
        return std::exchange(harvest_, {});
    }

  private:
    Surface& surface_;
    base::Random& random_;
    const base::Clock& world_;
    const base::Clock& own_;
    std::vector<drivers::Quantity> quantities_{
        {.name = "value", .kind = "value", .unit = "/", .least = {}, .most = {}, .resolution = {}}};
    drivers::Harvest harvest_;
};

/// Reads a file from the committed position. Row n has the value n and the time n·7 s; some rows
/// cannot be read.
class Tape final : public drivers::Driver {
  public:
    Tape(Surface& surface, const std::optional<std::string>& position)
        : surface_(surface), row_(position ? std::stoull(*position) : 0) {}

    const std::vector<drivers::Quantity>& quantities() const override { return quantities_; }
    void trigger(base::Instant /*now*/) override {}

    drivers::Harvest collect(base::Instant now, std::size_t measurements_max) override {
        drivers::Harvest harvest;
        bool moved = false;
        while (row_ < surface_.file_rows && harvest.measurements.size() < measurements_max) {
            ++row_;
            const auto time = base::from_milliseconds(static_cast<std::int64_t>(row_) * 7'000);
            moved = true;
            if (row_ % Surface::kBadRowEvery == 0) {
                harvest.failures.push_back(
                    {.reason = "no number", .taken = now, .source_time = time, .quantities = {0}});
                continue;
            }
            harvest.measurements.push_back({.quantity = 0,
                                            .value = static_cast<double>(row_),
                                            .taken = now,
                                            .source_time = time});
        }
        if (moved) harvest.position = std::to_string(row_);
        return harvest;
    }

    bool can_wait() const override { return true; }

  private:
    Surface& surface_;
    std::uint64_t row_;
    std::vector<drivers::Quantity> quantities_{
        {.name = "row", .kind = "row", .unit = "/", .least = {}, .most = {}, .resolution = {}}};
};

std::unique_ptr<delivery::SqliteOutbox> open_outbox(const std::string& node,
                                                    const PowerCutDisk& disk, base::Random& random,
                                                    std::uint64_t quota) {
    delivery::SqliteOutboxOptions options;
    options.path = "/outbox.db";
    options.node = node;
    options.vfs = disk.vfs_name();
    options.quota = quota;
    options.new_incarnation = [&random] { return random.next(); };
    auto outbox = delivery::SqliteOutbox::open(options);
    return outbox ? std::move(outbox).value() : nullptr;
}

}  // namespace

/// The node's own idea of the wall time, and of the time since its boot.
class Node::Clock final : public base::Clock {
  public:
    explicit Clock(const Node& node) : node_(node) {}
    base::EventTime event_time() const override { return node_.clock_.event_time() + node_.skew_; }
    base::Instant instant() const override {
        const auto since_boot = node_.clock_.instant() - node_.booted_at_;
        return base::Instant{since_boot + since_boot * node_.drift_ppm_ / 1'000'000};
    }

  private:
    const Node& node_;
};

/// Everything that lives in the process.
struct Node::Program {
    Program(Node& node, std::unique_ptr<delivery::SqliteOutbox> store)
        : outbox(std::move(store)),
          ledger_outbox(*outbox, node.ledger_, node.name_),
          connection(node.relay_, {wire::Topics{}.ack(node.name_)}),
          watch(sources(node), agent::BeforeSync::boot,
                ledger_outbox.position(agent::kSyncedBootPosition).value_or("")),
          sampler({}, sensors(node), *node.own_clock_, watch, counters),
          agent(options(node), *node.own_clock_, ledger_outbox, connection, sampler, watch,
                counters, node.random_.next()) {}

    std::vector<agent::Sensor> sensors(Node& node) {
        std::vector<agent::Sensor> list;
        list.push_back({.name = "gauge",
                        .kind = "gauge",
                        .period = std::chrono::seconds{1},
                        .driver = std::make_unique<Gauge>(node.surface_, node.random_, node.clock_,
                                                          *node.own_clock_)});
        list.push_back(
            {.name = "tape",
             .kind = "tape",
             .period = {},
             .driver = std::make_unique<Tape>(node.surface_, ledger_outbox.position("tape"))});
        return list;
    }

    static agent::ClockSources sources(const Node& node) {
        return {.discipline = [&node] { return node.discipline_; }, .boot_id = node.boot_id_};
    }

    static agent::AgentOptions options(const Node& node) {
        agent::AgentOptions options;
        options.node = node.name_;
        options.version = "simulated";
        options.write_counts.clear();
        return options;
    }

    std::unique_ptr<delivery::SqliteOutbox> outbox;
    LedgerOutbox ledger_outbox;
    SimulatedConnection connection;
    base::Counters counters;
    agent::KernelClockWatch watch;
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
      quota_(under_pressure ? delivery::SqliteOutbox::kQuotaMin
                            : delivery::SqliteOutboxOptions{}.quota) {
    if (under_pressure) surface_.at_once = 400;
    begin_boot();
    start();
}

Node::~Node() = default;

void Node::tick() {
    if (!surface_.quiet) surface_.file_rows += random_.below(4);
    if (!program_) return;
    program_->connection.tick(own_clock_->instant());
    program_->agent.tick(own_clock_->instant());
    if (program_->outbox->extent().hole) ++holes_;
    if (disk_.is_cut()) lose_power();
}

void Node::lose_power() {
    ++power_cuts_;
    kill();
    disk_.restore();
    begin_boot();
}

void Node::begin_boot() {
    boot_id_ = fmt::format("{:08x}", random_.next() >> 32U);
    booted_at_ = clock_.instant();
}

void Node::reboot() {
    kill();
    begin_boot();
}

void Node::lose_time(base::Duration off_by) {
    lose_sync();
    skew_ = off_by;
}

void Node::sync_clock(base::Duration error) {
    discipline_ = {.synced = true, .error = error};
    const auto range = static_cast<std::uint64_t>(2 * error.count() + 1);
    skew_ = base::Duration{static_cast<std::int64_t>(random_.below(range))} - error;
}

wire::ClockState Node::clock_state() const {
    return program_ ? program_->watch.state() : wire::ClockState::boot;
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
        // The power failed again during the start.
        ENSURE(disk_.is_cut());
        ++power_cuts_;
        disk_.restore();
        begin_boot();
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
