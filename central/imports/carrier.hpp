#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/counters.hpp"
#include "base/result.hpp"
#include "broker/paho_connection.hpp"
#include "delivery/outbox/sqlite_outbox.hpp"
#include "delivery/uplink/uplink.hpp"
#include "wire/topic.hpp"

namespace imports {

struct CarrierOptions {
    std::string outbox;  // The path of its file,
    std::string like;    // whose owner is that of this one.
    std::string node;    // In whose name it sends.
    broker::PahoOptions broker{};
    wire::Topics topics{};

    /// Bytes that are noted beside the records, at most.
    std::uint64_t notes_max = 0;

    /// How long it waits for an answer before it gives up. What is in the outbox stays there.
    base::Duration patience = std::chrono::minutes{1};
};

/// What the outbox notes, by key; nothing when there is none. Leaves it as it is. Errors as those
/// of Carrier::open.
base::Result<std::map<std::string, std::string>> notes_in(const CarrierOptions& options);

/// A node for the length of a run, without sensors and without a status: it commits what it is
/// given to its outbox, sends that as every node does, and is done when central has all of it. It
/// never has two runs at once on one outbox; its caller sees to that.
class Carrier {
  public:
    /// Opens the outbox. Misconfigured, with what to do, when that cannot be, as long as a damaged
    /// one lies beside it, and for ever when it turned out to be an older copy: then nobody knows
    /// what counts already.
    static base::Result<std::unique_ptr<Carrier>> open(CarrierOptions options,
                                                       const base::Clock& clock);

    /// What the newest commit noted under the key.
    std::optional<std::string> position(const std::string& key) const {
        return outbox_->position(key);
    }

    /// From its return on the readings count, whatever dies. Waits while too much is on its way.
    /// Transient, with the reason, when that lasts for longer than it has patience; misconfigured
    /// when the outbox turns out to be damaged, or an older copy.
    base::Status commit(delivery::Flush flush);

    /// Sends on, if there is something, without waiting.
    void tick();

    /// Waits until central has everything that was ever committed. Errors as commit().
    base::Status settle();

    /// Records that are committed, and that central has.
    std::uint64_t committed() const { return outbox_->extent().head; }
    std::uint64_t applied() const { return uplink_.applied(); }

  private:
    Carrier(CarrierOptions options, std::unique_ptr<delivery::SqliteOutbox> outbox,
            const base::Clock& clock);

    base::Status wait_until(const std::function<bool()>& is_done);
    base::Error impatient() const;
    base::Status check_whole();

    CarrierOptions options_;
    const base::Clock& clock_;
    base::Counters counters_;
    std::unique_ptr<delivery::SqliteOutbox> outbox_;
    std::string data_topic_;
    std::string ack_topic_;
    broker::PahoConnection connection_;
    delivery::Uplink uplink_;
};

}  // namespace imports
