#include "broker/paho_connection.hpp"

#include <fmt/core.h>

#include <atomic>
#include <optional>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "base/mailbox.hpp"
#include "broker/diagnosis.hpp"
#include "broker/explain.hpp"
#include "broker/no_delay.hpp"
#include "broker/paho_calls.hpp"
#include "broker/paho_options.hpp"
#include "broker/refusals.hpp"
#include "broker/size_limits.hpp"
#include "broker/window.hpp"

namespace broker {
namespace {

using base::Done;
using base::Error;
using base::Fault;
using base::Instant;

/// How late Paho may be with its answer after its own time-out; it checks every 3 s.
constexpr base::Duration kGrace = std::chrono::seconds{15};

/// How often to ask Paho whether it is still connected, in case its callback never came.
constexpr base::Duration kAskEvery = std::chrono::seconds{1};

}  // namespace

/// The state behind the connection. Everything but the callbacks runs in the owner's thread; the
/// callbacks run in Paho's, under Paho's lock, and touch only what is safe to touch from both.
class PahoConnection::Client final : public mqtt::iaction_listener {
  public:
    Client(PahoOptions options, std::uint64_t seed)
        : options_(std::move(options)),
          incoming_(options_.incoming_max),
          window_(options_.in_flight_max),
          backoff_(options_.backoff, seed) {}

    void tick(Instant now);
    void disconnect(base::Duration patience);
    base::Status publish(Outgoing message);
    std::uint64_t session() const { return step_ == Step::up && !lost_ ? session_ : 0; }
    const std::string& trouble() const { return trouble_; }
    SizeLimits& sizes() { return sizes_; }
    std::optional<Message> take();
    std::uint64_t dropped() const { return incoming_.refused() + unreadable_; }
    int refusal(const std::string& topic) const { return refusals_.code(topic); }
    std::uint64_t refused() const { return refused_; }
    std::size_t in_flight() const { return window_.size(); }

  private:
    enum class Step { away, connecting, diagnosing, subscribing, up, closed };

    void connect(Instant now);
    base::Status start();
    void make_paho(const Address& address);
    void watch_connecting(Instant now);
    void observe_limits();
    void diagnose(Instant now);
    void watch_diagnosis(Instant now);
    void subscribe(Instant now);
    void watch_subscribing(Instant now);
    void watch_up(Instant now);
    void fail(Instant now, std::string why);
    void postpone(Instant now, std::string why);

    // In Paho's threads.
    void receive(const mqtt::message& message) noexcept;
    void on_success(const mqtt::token& token) override;
    void on_failure(const mqtt::token& token) override;

    PahoOptions options_;
    base::Mailbox<Message> incoming_;
    Window window_;
    std::atomic<std::uint64_t> refused_{0};
    Refusals refusals_;
    std::atomic<std::uint64_t> unreadable_{0};
    std::atomic<std::size_t> incoming_bytes_{0};
    std::atomic<bool> lost_{false};
    std::atomic<int> farewell_{0};  // The reason code of the broker's DISCONNECT.
    SizeLimits sizes_;

    Step step_ = Step::away;
    std::uint64_t session_ = 0;
    base::Backoff backoff_;
    Instant tried_{};  // When the last attempt began.
    Instant next_{};   // When to try again, to give up a try, or to ask whether it is still up.
    std::string trouble_ = "not connected yet";
    std::unique_ptr<Diagnosis> diagnosis_;
    mqtt::token_ptr connecting_;
    mqtt::token_ptr connected_before_;  // Kept alive: Paho may still use the one before.
    std::vector<mqtt::token_ptr> subscribing_;
    std::unique_ptr<mqtt::async_client>
        paho_;  // Last: it calls the members above until it is gone.
};

void PahoConnection::Client::tick(Instant now) {
    if (step_ == Step::closed) return;
    if ((step_ == Step::subscribing || step_ == Step::up) && lost_) {
        if (farewell_ == kPacketTooLarge) sizes_.note_largest_too_large();
        return fail(now, explain_loss(options_, farewell_));
    }
    if (step_ == Step::away && now >= next_) return connect(now);
    if (step_ == Step::connecting) return watch_connecting(now);
    if (step_ == Step::diagnosing) return watch_diagnosis(now);
    if (step_ == Step::subscribing) return watch_subscribing(now);
    if (step_ == Step::up) return watch_up(now);
}

void PahoConnection::Client::connect(Instant now) {
    if (auto started = start(); !started) return fail(now, started.error().detail);
    step_ = Step::connecting;
    tried_ = now;
    next_ = now + options_.connect_timeout + kGrace;
}

base::Status PahoConnection::Client::start() {
    const auto address = parse_address(options_.address);
    if (!address) return address.error();
    return guarded([&]() -> base::Status {
        if (!paho_) make_paho(address.value());
        mqtt::connect_options options;
        auto filled = fill_connect_options(options, options_, address.value().tls);
        if (!filled) return filled;
        lost_ = false;
        farewell_ = 0;
        connected_before_ = std::exchange(connecting_, paho_->connect(options));
        return Done{};
    });
}

void PahoConnection::Client::make_paho(const Address& address) {
    // This spelling compiles with both Paho C++ 1.2 and 1.5.
    mqtt::iclient_persistence* const no_persistence = nullptr;
    paho_ = std::make_unique<mqtt::async_client>(
        address.uri(), options_.client_id, mqtt::create_options(MQTTVERSION_5), no_persistence);
    paho_->set_connection_lost_handler([this](const std::string&) { lost_ = true; });
    // Paho C 1.3.12 does not always report the loss that follows a DISCONNECT by the broker.
    paho_->set_disconnected_handler([this](const mqtt::properties&, mqtt::ReasonCode reason) {
        farewell_ = reason;
        lost_ = true;
    });
    paho_->set_message_callback(
        [this](const mqtt::const_message_ptr& message) { receive(*message); });
}

void PahoConnection::Client::watch_connecting(Instant now) {
    bool done = false;
    const auto refusal = refusal_of(*connecting_, done);
    if (refusal && *refusal >= kFirstFailure) return fail(now, explain_refusal(options_, *refusal));
    if (refusal) return diagnose(now);
    if (done) {
        observe_limits();
        return subscribe(now);
    }
    if (now < next_) return;
    // Paho owes us an answer. Only a new client cannot mix up two attempts. This may block for a
    // second, and should never happen.
    connecting_.reset();
    connected_before_.reset();
    paho_.reset();
    diagnose(now);
}

/// Paho says only that it did not work.
void PahoConnection::Client::diagnose(Instant now) {
    const bool has_timed_out = now - tried_ >= options_.connect_timeout;
    diagnosis_ = std::make_unique<Diagnosis>(options_, parse_address(options_.address).value(),
                                             has_timed_out, now);
    step_ = Step::diagnosing;
}

void PahoConnection::Client::watch_diagnosis(Instant now) {
    const auto finding = diagnosis_->step(now);
    if (!finding) return;
    diagnosis_.reset();
    fail(now, explain_obstacle(options_, *finding));
}

void PahoConnection::Client::observe_limits() {
    std::optional<std::uint32_t> packet_max;
    auto read = guarded([&] { packet_max = packet_max_of(*connecting_); });
    if (!read) base::log_debug("broker", {{"limits", read.error().detail}});
    sizes_.begin_session(packet_max);
    refusals_.clear();
}

void PahoConnection::Client::subscribe(Instant now) {
    send_without_delay(parse_address(options_.address).value().port);
    subscribing_.clear();
    auto asked = guarded([&] {
        for (const auto& [filter, qos] : options_.subscriptions) {
            subscribing_.push_back(paho_->subscribe(filter, qos));
        }
    });
    step_ = Step::subscribing;
    next_ = now;
    if (!asked && asked.error().fault == Fault::transient) {
        lost_ = true;  // The next tick finds out why.
        return;
    }
    if (!asked) return postpone(now, "cannot subscribe: " + asked.error().detail);
    watch_subscribing(now);
}

void PahoConnection::Client::watch_subscribing(Instant now) {
    if (now < next_) return;
    if (subscribing_.size() != options_.subscriptions.size()) return subscribe(now);
    for (std::size_t at = 0; at < subscribing_.size(); ++at) {
        bool done = false;
        const auto refusal = refusal_of(*subscribing_[at], done);
        if (refusal) {
            return postpone(now,
                            fmt::format("the broker refused the subscription to {}, {}: check "
                                        "its access rules",
                                        options_.subscriptions[at].filter, reason_text(*refusal)));
        }
        if (!done) return;
    }
    subscribing_.clear();
    trouble_.clear();
    ++session_;
    step_ = Step::up;
    next_ = now + kAskEvery;
}

void PahoConnection::Client::watch_up(Instant now) {
    if (now < next_) return;
    next_ = now + kAskEvery;
    const auto asked = guarded([this] {
        if (!paho_->is_connected()) lost_ = true;
    });
    if (!asked) lost_ = true;
    // Not earlier: a broker that drops us at once must not be tried again at once.
    if (!lost_) backoff_.reset();
}

/// Stays connected, and asks for the subscriptions again later.
void PahoConnection::Client::postpone(Instant now, std::string why) {
    trouble_ = std::move(why);
    subscribing_.clear();
    next_ = now + backoff_.next();
}

void PahoConnection::Client::fail(Instant now, std::string why) {
    trouble_ = std::move(why);
    subscribing_.clear();
    window_.abandon();
    step_ = Step::away;
    next_ = now + backoff_.next();
}

base::Status PahoConnection::Client::publish(Outgoing message) {
    if (session() == 0) return Error{Fault::transient, trouble_};
    const auto bytes = message.payload.size();
    if (const auto most = sizes_.payload_max(message.topic); bytes > most) {
        return Error{
            Fault::malformed,
            fmt::format("{}: {} bytes are more than a message may have; {} accepts {}",
                        message.topic, bytes, sizes_.are_told() ? "the broker" : "leat", most)};
    }
    const std::uintptr_t epoch = window_.epoch();
    if (!window_.enter()) return Error{Fault::exhausted, "too many publishes on their way"};
    auto sent =
        guarded([&] { paho_->publish(to_paho(message), reinterpret_cast<void*>(epoch), *this); });
    if (!sent) window_.leave(epoch);
    if (sent) sizes_.note_published(bytes);
    return sent;
}

void PahoConnection::Client::disconnect(base::Duration patience) {
    const bool was_up = session() != 0;
    const base::SystemClock clock;
    const Instant end = clock.instant() + patience;
    if (was_up) window_.wait_empty(patience);
    step_ = Step::closed;
    trouble_ = "disconnected";
    if (!was_up) return;
    auto said = guarded([&] {
        const auto farewell = paho_->disconnect(mqtt::disconnect_options(0));
        const base::Duration rest = end - clock.instant();
        if (rest > base::Duration::zero()) farewell->wait_for(rest);
    });
    if (!said) base::log_debug("broker", {{"farewell", said.error().detail}});
    window_.abandon();
}

void PahoConnection::Client::receive(const mqtt::message& message) noexcept {
    try {
        const auto size = message.get_payload_str().size();
        if (incoming_bytes_ + size > options_.incoming_bytes_max) {
            ++unreadable_;
            return;
        }
        incoming_bytes_ += size;
        if (!incoming_.put({message.get_topic(), message.get_payload_str(), message.is_retained(),
                            base::SystemClock{}.instant()})) {
            incoming_bytes_ -= size;
        }
    } catch (...) {
        ++unreadable_;  // No memory. Paho is C below us: nothing may be thrown through it.
    }
}

std::optional<Message> PahoConnection::Client::take() {
    auto message = incoming_.take();
    if (message) incoming_bytes_ -= message->payload.size();
    return message;
}

void PahoConnection::Client::on_success(const mqtt::token& token) {
    const auto* delivery = dynamic_cast<const mqtt::delivery_token*>(&token);
    if (delivery != nullptr) refusals_.note_taken(delivery->get_message()->get_topic());
    window_.leave(reinterpret_cast<std::uintptr_t>(token.get_user_context()));
}

void PahoConnection::Client::on_failure(const mqtt::token& token) {
    const int code = token.get_reason_code();
    const auto* delivery = dynamic_cast<const mqtt::delivery_token*>(&token);
    if (code >= kFirstFailure) ++refused_;
    if (code >= kFirstFailure && delivery != nullptr) {
        refusals_.note_refused(delivery->get_message()->get_topic(), code);
    }
    if (code == kPacketTooLarge && delivery != nullptr) {
        sizes_.note_too_large(delivery->get_message()->get_payload().size());
    }
    window_.leave(reinterpret_cast<std::uintptr_t>(token.get_user_context()));
}

PahoConnection::PahoConnection(PahoOptions options, std::uint64_t seed)
    : client_(std::make_unique<Client>(std::move(options), seed)) {}
PahoConnection::~PahoConnection() = default;

void PahoConnection::tick(Instant now) {
    client_->tick(now);
}
std::uint64_t PahoConnection::session() const {
    return client_->session();
}
base::Status PahoConnection::publish(Outgoing message) {
    return client_->publish(std::move(message));
}
std::size_t PahoConnection::payload_max(const std::string& topic) const {
    return client_->sizes().payload_max(topic);
}
std::optional<std::size_t> PahoConnection::take_too_large() {
    return client_->sizes().take_too_large();
}
std::optional<Message> PahoConnection::take() {
    return client_->take();
}
std::string PahoConnection::trouble() const {
    return client_->trouble();
}
std::uint64_t PahoConnection::dropped() const {
    return client_->dropped();
}
int PahoConnection::refusal(const std::string& topic) const {
    return client_->refusal(topic);
}
std::uint64_t PahoConnection::refused() const {
    return client_->refused();
}
std::size_t PahoConnection::in_flight() const {
    return client_->in_flight();
}
void PahoConnection::disconnect(base::Duration patience) {
    client_->disconnect(patience);
}

}  // namespace broker
