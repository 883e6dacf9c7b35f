#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/counters.hpp"
#include "central/alerts/core/alert.hpp"
#include "central/alerts/core/book.hpp"
#include "central/alerts/core/output.hpp"
#include "central/alerts/dispatch/quiet_hours.hpp"

namespace alerts {

using Outputs = std::vector<std::unique_ptr<Output>>;

struct DispatcherOptions {
    QuietHours quiet{};

    /// Ends of alerts that wait for an output; when there are more, the oldest are dropped and
    /// counted.
    std::size_t ends_max = 2'000;
};

/// Decides which output hears of which alert, and remembers how far each has brought it. In quiet
/// hours nobody hears of what is not critical, and of what is silenced only its end, where its
/// beginning was told. What began and ended meanwhile is never told. A display is offered all.
class Dispatcher {
  public:
    Dispatcher(Outputs outputs, DispatcherOptions options, base::Counters& counters);

    /// Where everything stood at the end of the run before.
    void restore(const Kept& kept);

    /// The newest form of an alert that has changed.
    void accept(const Alert& alert);

    /// Offers what is due. Write down take_deliveries() before the next tick(): then a restart
    /// never takes for untold what may be on its way.
    void offer(base::EventTime now);

    /// One bounded step of every output.
    void tick(base::Instant now);

    /// What was offered and what was delivered since the last call.
    std::vector<Delivery> take_deliveries();

    /// Why outputs do not get their alerts out, by their names.
    std::map<std::string, std::string> troubles() const;

    /// Forms of alerts that were offered and are not delivered yet, over all outputs.
    std::size_t waiting() const;

  private:
    struct Way {
        std::unique_ptr<Output> output;
        std::map<std::string, std::uint64_t> offered{};  // Revisions, by alert.
        std::map<std::string, std::uint64_t> delivered{};
        base::Counter& counter;  // Of deliveries.
    };

    bool is_due(const Way& way, const Alert& alert, bool is_quiet) const;
    bool is_done(const Alert& alert) const;
    void drop(const std::string& id);
    void drop_surplus();

    DispatcherOptions options_;
    base::Counter& dropped_;
    std::vector<Way> ways_;
    std::map<std::string, Alert> alerts_;  // That hold, and those whose end is not told yet.
    std::vector<Delivery> deliveries_;
};

}  // namespace alerts
