#include "agent/node/status_board.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "agent/node/card_life.hpp"
#include "agent/node/status_counters.hpp"
#include "base/log.hpp"
#include "broker/explain.hpp"
#include "wire/limits.hpp"

namespace agent {

namespace {

using base::Instant;

constexpr std::size_t kFaultsMax = 8;
/// So many times fewer records wait than the last status said: that is news.
constexpr std::uint64_t kShrunk = 10;

constexpr base::Duration kRemindEvery = std::chrono::hours{1};

/// "the broker refuses it, not authorized (0x87): check its access rules"
std::string refusal_text(int code) {
    const auto text = fmt::format("the broker refuses it, {}", broker::reason_text(code));
    if (code == broker::kNotAuthorized) return text + ": check its access rules";
    if (code == broker::kPacketTooLarge) return text + ": raise its limit, or send fewer series";
    return text;
}

}  // namespace

StatusBoard::StatusBoard(StatusBoardOptions options, const Parts& parts,
                         broker::Connection& connection)
    : options_(std::move(options)),
      parts_(parts),
      connection_(connection),
      started_(parts.clock.instant()),
      disk_writes_(options_.write_counts),
      refusals_reminder_(kRemindEvery) {}

wire::NodeStatus StatusBoard::status(wire::NodeState state) const {
    const auto extent = parts_.outbox.extent();
    const auto applied = std::min(parts_.uplink.applied(), extent.head);
    wire::NodeStatus status;
    status.state = state;
    status.version = options_.version;
    status.uptime = parts_.clock.instant() - started_;
    status.outbox_records = extent.records_after(applied);
    status.outbox_bytes = parts_.outbox.bytes_after(applied);
    status.disk_written = disk_writes_.bytes();
    if (const auto life = card_life(status.disk_written, status.uptime, options_.card_endurance)) {
        status.disk_bytes_a_day = life->bytes_a_day;
        status.disk_days_left = life->days;
    }
    status.head = extent.head;
    status.durable = parts_.uplink.durable();
    status.applied = applied;
    status.clock = parts_.watch.state();
    status.counters = status_counters(parts_.counters, extent, connection_);
    status.alarms = alarms();
    status.faults = faults();
    status.now = parts_.clock.event_time();
    return status;
}

std::vector<std::string> StatusBoard::alarms() const {
    auto alarms = lasting_alarms();
    if (auto suspects = suspect_readings(); !suspects.empty()) {
        alarms.push_back(std::move(suspects));
    }
    return alarms;
}

/// Those whose text stays the same while they last.
std::vector<std::string> StatusBoard::lasting_alarms() const {
    std::vector<std::string> alarms;
    if (!parts_.uplink.alarm().empty()) alarms.push_back(parts_.uplink.alarm());
    if (parts_.committer.is_holding()) alarms.emplace_back("outbox: does not accept records");
    if (!state_refused_.empty()) alarms.push_back("state: " + state_refused_);
    for (auto& refusal : refusals()) alarms.push_back(std::move(refusal));
    return alarms;
}

/// An outbox that was restored has read its files from where they stood when it was copied. Its
/// last life had read on, and how far is known to nobody here.
std::vector<Sampler::Backlog> StatusBoard::suspects() const {
    if (!parts_.uplink.is_restored()) return {};
    auto suspects = parts_.sampler.backlogs();
    if (suspects.size() > kFaultsMax) suspects.resize(kFaultsMax);
    return suspects;
}

std::string StatusBoard::suspect_readings() const {
    std::vector<std::string> sensors;
    for (const auto& backlog : suspects()) {
        sensors.push_back(fmt::format("{} of {}", backlog.readings, backlog.sensor));
    }
    if (sensors.empty()) return {};
    return fmt::format("restored outbox: readings that were read again and may count twice: {}",
                       fmt::join(sensors, ", "));
}

void StatusBoard::report_suspects(Instant now) {
    const auto text = suspect_readings();
    if (!suspects_reminder_.is_due(text.empty() ? "" : "suspect", now) || text.empty()) return;
    base::log_error(text, {{"hint",
                            "files are read from where they stood in the copy; what was "
                            "sent since is sent again"}});
}

/// What the broker refuses though it was small enough by its word. The uplink finds batches a size
/// by itself, and tells of a record that has none.
std::vector<std::string> StatusBoard::refusals() const {
    const auto& [node, topics] = std::tie(options_.node, options_.topics);
    std::vector<std::string> refusals;
    const auto add = [&](const char* what, int code) {
        if (code != 0) refusals.push_back(fmt::format("{}: {}", what, refusal_text(code)));
    };
    const int data = connection_.refusal(topics.data(node));
    add("data", data == broker::kPacketTooLarge ? 0 : data);
    add("state", connection_.refusal(topics.state(node)));
    add("status", connection_.refusal(topics.status(node)));
    return refusals;
}

/// The status cannot tell that it is refused itself.
void StatusBoard::report_refusals(Instant now) {
    const auto text = fmt::format("{}", fmt::join(refusals(), "; "));
    if (!refusals_reminder_.is_due(text, now)) return;
    if (text.empty()) return base::log_info("the broker takes all messages again");
    base::log_warn("the broker refuses messages", {{"reason", text}});
}

/// The alarms, what may become one, as only the centre knows its limit, and then the last faults of
/// the sensors.
std::vector<std::string> StatusBoard::faults() const {
    auto faults = alarms();
    if (const auto series = parts_.sampler.series_count(); series > wire::kSeriesPerNodeMax) {
        faults.push_back(fmt::format("series: {}, and the centre accepts {} by default", series,
                                     wire::kSeriesPerNodeMax));
    }
    for (const auto& fault : parts_.sampler.faults()) {
        if (faults.size() == kFaultsMax) break;
        faults.push_back(fault);
    }
    return faults;
}

void StatusBoard::tick(Instant now) {
    if (connection_.session() == 0) return;
    report_refusals(now);
    report_suspects(now);
    publish_status_when_due(now);
    publish_state_when_due(now);
}

bool StatusBoard::is_older(const Published& published, base::Duration age, Instant now) {
    return !published.at || now - *published.at >= age;
}

StatusBoard::News StatusBoard::news() const {
    News news{.alarms = lasting_alarms(),
              .suspects = {},
              .has_too_many_series = parts_.sampler.series_count() > wire::kSeriesPerNodeMax};
    for (auto& backlog : suspects()) news.suspects.push_back(std::move(backlog.sensor));
    return news;
}

/// The status is retained: it would go on naming records that wait when hardly any does. While
/// readings go on, some always do.
bool StatusBoard::has_emptied() const {
    if (waiting_published_ == 0) return false;
    const auto extent = parts_.outbox.extent();
    const auto waiting = extent.records_after(std::min(parts_.uplink.applied(), extent.head));
    return waiting <= waiting_published_ / kShrunk;
}

void StatusBoard::publish_status_when_due(Instant now) {
    const auto session = connection_.session();
    const auto fresh = news();
    const bool is_news = fresh != news_published_ || has_emptied();
    const auto age = is_news ? options_.state_every : options_.status_every;
    if (session == status_.session && !is_older(status_, age, now)) return;
    if (!publish_status(wire::NodeState::ready)) return;
    status_ = {.session = session, .at = now};
    news_published_ = fresh;
}

void StatusBoard::publish_state_when_due(Instant now) {
    const auto session = connection_.session();
    const auto changes = parts_.sampler.changes();
    const bool is_news = session != state_.session || changes != changes_published_;
    if (!is_news || !is_older(state_, options_.state_every, now)) return;
    const auto latest = parts_.sampler.latest();
    if (latest.empty()) return;
    if (!publish(options_.topics.state(options_.node), wire::encode_state(latest),
                 state_refused_)) {
        return;
    }
    state_ = {.session = session, .at = now};
    changes_published_ = changes;
}

bool StatusBoard::publish_status(wire::NodeState state) {
    const auto shown = status(state);
    if (!publish(options_.topics.status(options_.node), wire::encode_status(shown),
                 status_refused_)) {
        return false;
    }
    waiting_published_ = shown.outbox_records;
    return true;
}

/// False when it is to be tried again at the next tick. What the broker never carries is done with
/// and reported: trying again changes nothing until it is smaller.
bool StatusBoard::publish(const std::string& topic, std::string payload, std::string& refused) {
    const auto bytes = payload.size();
    const auto sent = connection_.publish(
        {.topic = topic, .payload = std::move(payload), .qos = 1, .retain = true, .expiry = {}});
    if (!sent && sent.error().fault != base::Fault::malformed) return false;
    const bool is_news = !sent && refused.empty();
    refused = sent ? std::string{}
                   : fmt::format("larger than the {} bytes that the broker accepts",
                                 connection_.payload_max(topic));
    if (is_news) {
        base::log_warn("a message is larger than the broker accepts; it is not published",
                       {{"topic", topic},
                        {"bytes", bytes},
                        {"bytes_max", connection_.payload_max(topic)},
                        {"hint", "raise the broker's max_packet_size, or send fewer series"}});
    }
    return true;
}

}  // namespace agent
