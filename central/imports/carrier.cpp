#include "central/imports/carrier.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/random.hpp"
#include "delivery/outbox/damaged_file.hpp"
#include "delivery/outbox/sqlite_setup.hpp"
#include "disk/files.hpp"

namespace imports {

namespace {

using namespace std::chrono_literals;

constexpr base::Duration kPause = 2ms;

/// Of the records: it waits long before that, so that nothing is ever evicted.
constexpr std::uint64_t kQuota = std::uint64_t{64} << 20U;
constexpr std::uint64_t kUnsettledMax = kQuota / 3;

delivery::SqliteOutboxOptions outbox_options(const CarrierOptions& options) {
    delivery::SqliteOutboxOptions result;
    result.path = options.outbox;
    result.node = options.node;
    result.quota = kQuota + options.notes_max;
    result.thin = false;
    return result;
}

broker::PahoOptions broker_options(const CarrierOptions& options) {
    auto result = options.broker;
    result.client_id = "leat-" + options.node;
    result.will.reset();
    result.subscriptions = {{.filter = options.topics.ack(options.node), .qos = 1}};
    return result;
}

delivery::UplinkOptions uplink_options(const CarrierOptions& options) {
    delivery::UplinkOptions result;
    result.node = options.node;
    result.data_topic = options.topics.data(options.node);
    result.probe_every = 250ms;  // Somebody waits.
    return result;
}

/// What starts a job anew whose outbox is of no use.
std::string anew(const CarrierOptions& options) {
    return fmt::format(
        "remove what central has of the node (leat-central forget {}) and {}, and "
        "bring everything again, files that are in done/ too",
        options.node, options.outbox);
}

/// The positions in a damaged file may be lost, and with them what was read already.
base::Error damaged(const CarrierOptions& options, const std::string& aside) {
    return {base::Fault::misconfigured,
            fmt::format("{} was damaged and is kept as {}. What was read and had not come to "
                        "central is lost with it, and nobody knows what counts already: {}; then "
                        "move {} away",
                        options.outbox, aside, anew(options), aside)};
}

/// In the positions: the outbox knows less than central does.
constexpr const char* kOldCopy = "old-copy";

base::Error old_copy(const CarrierOptions& options) {
    return {base::Fault::misconfigured,
            fmt::format("{} is an older copy: central has more of the node {} than it knows, and "
                        "what was read since could count twice. Put the newest one back; or {}",
                        options.outbox, options.node, anew(options))};
}

}  // namespace

base::Result<std::map<std::string, std::string>> notes_in(const CarrierOptions& options) {
    if (const auto aside = delivery::newest_put_aside(options.outbox)) {
        return damaged(options, *aside);
    }
    const auto there = disk::is_there(options.outbox);
    if (!there) return there.error();
    if (!there.value()) return std::map<std::string, std::string>{};
    auto noted = delivery::read_positions(options.outbox);
    if (noted && noted.value().contains(kOldCopy)) return old_copy(options);
    if (noted || noted.error().fault != base::Fault::malformed) return noted;
    return base::Error{
        base::Fault::misconfigured,
        fmt::format("{}: a run that is no dry one puts it aside, and says what to do",
                    noted.error().detail)};
}

base::Result<std::unique_ptr<Carrier>> Carrier::open(CarrierOptions options,
                                                     const base::Clock& clock) {
    if (const auto aside = delivery::newest_put_aside(options.outbox)) {
        return damaged(options, *aside);
    }
    auto outbox = delivery::SqliteOutbox::open(outbox_options(options));
    if (!outbox) return outbox.error();
    disk::share_owner(options.outbox, options.like);
    if (outbox.value()->position(kOldCopy)) return old_copy(options);
    std::unique_ptr<Carrier> carrier{
        new Carrier(std::move(options), std::move(outbox).value(), clock)};
    if (auto whole = carrier->check_whole(); !whole) return whole.error();
    return carrier;
}

/// That it is an older copy shows only once: then its outbox is numbered anew. So that is noted.
base::Status Carrier::check_whole() {
    if (uplink_.is_restored()) {
        delivery::Flush flush;
        flush.positions.emplace(kOldCopy, "yes");
        if (auto noted = outbox_->append(flush); !noted) return noted;
        return old_copy(options_);
    }
    if (outbox_->extent().damaged == 0) return base::Done{};
    const auto aside = delivery::newest_put_aside(options_.outbox);
    return damaged(options_, aside.value_or(options_.outbox + ".corrupt-…"));
}

Carrier::Carrier(CarrierOptions options, std::unique_ptr<delivery::SqliteOutbox> outbox,
                 const base::Clock& clock)
    : options_(std::move(options)),
      clock_(clock),
      outbox_(std::move(outbox)),
      data_topic_(options_.topics.data(options_.node)),
      ack_topic_(options_.topics.ack(options_.node)),
      connection_(broker_options(options_), base::entropy()),
      uplink_(uplink_options(options_), *outbox_, connection_, clock, counters_, base::entropy()) {}

void Carrier::tick() {
    const auto now = clock_.instant();
    connection_.tick(now);
    while (const auto message = connection_.take()) {
        if (message->topic == ack_topic_ && !message->retained) {
            uplink_.on_ack(message->payload, now);
        }
    }
    // What an older copy has, numbered anew, would count twice.
    if (!uplink_.is_restored()) uplink_.tick(now);
}

base::Status Carrier::commit(delivery::Flush flush) {
    const auto has_room = [&] { return outbox_->bytes_after(uplink_.settled()) < kUnsettledMax; };
    if (auto waited = wait_until(has_room); !waited) return waited;
    flush.settled = uplink_.settled();
    if (auto appended = outbox_->append(flush); !appended) return appended;
    tick();
    return check_whole();
}

base::Status Carrier::settle() {
    return wait_until([&] { return applied() >= committed(); });
}

/// Patience ends when no mark has moved for as long.
base::Status Carrier::wait_until(const std::function<bool()>& is_done) {
    auto moved = clock_.instant();
    auto marks = std::pair{uplink_.durable(), applied()};
    while (!is_done()) {
        tick();
        if (auto whole = check_whole(); !whole) return whole;
        const auto now = clock_.instant();
        const std::pair current{uplink_.durable(), applied()};
        if (current != marks) moved = now;
        marks = current;
        if (now - moved > options_.patience) return impatient();
        if (!is_done()) base::pause_for(kPause);
    }
    return check_whole();
}

base::Error Carrier::impatient() const {
    const auto kept =
        fmt::format("; what was read is kept in {}, and the next run sends it", options_.outbox);
    const auto because = [&](const std::string& why) {
        return base::Error{base::Fault::transient, why + kept};
    };
    const auto& address = options_.broker.address;
    if (connection_.session() == 0) {
        const auto trouble = connection_.trouble();
        return because(fmt::format("there is no connection to the broker {}{}", address,
                                   trouble.empty() ? trouble : ": " + trouble));
    }
    if (connection_.refusal(data_topic_) != 0) {
        return because(
            fmt::format("the broker {} does not let user \"{}\" publish on {}: give "
                        "the job a user of its own, with the rules of a node",
                        address, options_.broker.user, data_topic_));
    }
    if (!uplink_.alarm().empty()) return because(uplink_.alarm());
    if (uplink_.durable() < committed()) {
        return because(
            fmt::format("nobody answers on {}: is a bridge running, and do the "
                        "broker's rules let it read {}?",
                        ack_topic_, data_topic_));
    }
    return because(fmt::format("central has {} of {} records: is leat-central running?", applied(),
                               committed()));
}

}  // namespace imports
