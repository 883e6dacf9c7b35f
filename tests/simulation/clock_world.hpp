#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "simulation/centre.hpp"
#include "simulation/ledger.hpp"
#include "simulation/node.hpp"
#include "support/temporary_folder.hpp"

namespace simulation {

/// How far the wall clock of a node without a battery is off after a reboot.
constexpr base::Duration kNoBattery = -std::chrono::hours{24 * 365 * 20};

/// What the database says of the gauge, compared with the truth.
struct Verdict {
    std::string wrong;           // The first error; empty when there is none.
    std::uint64_t counted = 0;   // Readings.
    std::uint64_t placed = 0;    // Of these, by a clock record.
    std::uint64_t waiting = 0;   // Committed and not counted, as their boot has no known time.
    std::uint64_t unplaced = 0;  // Records that wait, by the node's row.
    base::Duration worst{};      // Distance of a placed time from the true one.
};

/// One node and a centre whose windows are so short that its database shows the time of each
/// reading.
class ClockWorld {
  public:
    explicit ClockWorld(std::uint64_t seed);

    Node& node() { return node_; }
    Centre& centre() { return centre_; }
    LossyBroker& relay() { return relay_; }
    base::Random& random() { return random_; }
    const std::string& state_topic() const { return state_topic_; }

    void tick();
    void run(base::Duration time);

    /// The machine starts again and does not know the time.
    void reboot(base::Duration off_by = kNoBattery);

    /// Silences the sensors; true when everything that can be applied has been.
    bool settle();

    Verdict judge();

  private:
    using Counted = std::map<double, base::EventTime>;

    Counted read(Verdict& verdict);
    void judge(const Ledger::Told& told, const Counted& counted, Verdict& verdict);
    void hear(const broker::Outgoing& message);

    support::TemporaryFolder folder_;
    base::Random random_;
    support::ManualClock clock_;
    LossyBroker relay_;
    std::string database_;
    Centre centre_;
    Ledger ledger_;
    Node node_;
    std::string state_topic_;
};

}  // namespace simulation
