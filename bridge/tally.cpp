#include "bridge/tally.hpp"

#include "base/json.hpp"

namespace bridge {

namespace {

constexpr wire::Answer kAnswers[]{wire::Answer::ok,   wire::Answer::dup,  wire::Answer::gap,
                                  wire::Answer::busy, wire::Answer::fork, wire::Answer::reject};

const char* name_of(DeadCause cause) {
    return cause == DeadCause::topic ? "topic" : "payload";
}

const char* name_of(Dropped why) {
    return why == Dropped::store_away ? "store_away" : "store_failed";
}

const char* name_of(base::Fault fault) {
    switch (fault) {
        case base::Fault::transient:
            return "transient";
        case base::Fault::malformed:
            return "malformed";
        case base::Fault::exhausted:
            return "exhausted";
        case base::Fault::misconfigured:
            return "misconfigured";
        case base::Fault::misused:
            return "misused";
    }
    return "";
}

std::uint64_t size_of(const IngestRequest& request) {
    std::uint64_t bytes = 0;
    for (const auto& line : request.lines) bytes += line.size();
    return bytes;
}

}  // namespace

void Tally::answered(const IngestRequest& request, const wire::Ack& ack) {
    counter("batches_total", "Batches answered, by answer.",
            {{"answer", std::string{wire::to_text(ack.answer)}}})
        .add();
    counter("records_total", "Record lines in answered batches.").add(request.lines.size());
    counter("record_bytes_total", "Bytes of those lines.").add(size_of(request));
}

void Tally::died(const DeadLetter& letter) {
    counter("dead_letters_total", "Messages that are not batches, by cause.",
            {{"cause", name_of(letter.cause)}})
        .add();
}

void Tally::dropped(Dropped why, std::uint64_t messages) {
    counter("dropped_total", "Messages dropped unanswered (the nodes send them again), by cause.",
            {{"cause", name_of(why)}})
        .add(messages);
}

void Tally::acks_lost(std::uint64_t acks) {
    counter("acks_lost_total", "Acknowledgements that could not be sent.").add(acks);
}

void Tally::failed(base::Fault fault) {
    counter("store_errors_total", "Failed calls of the store, by fault.",
            {{"fault", name_of(fault)}})
        .add();
}

std::uint64_t Tally::batches(wire::Answer answer) const {
    return value("batches_total", {{"answer", std::string{wire::to_text(answer)}}});
}

std::uint64_t Tally::records() const {
    return value("records_total");
}

std::uint64_t Tally::bytes() const {
    return value("record_bytes_total");
}

std::uint64_t Tally::dead(DeadCause cause) const {
    return value("dead_letters_total", {{"cause", name_of(cause)}});
}

std::uint64_t Tally::dropped(Dropped why) const {
    return value("dropped_total", {{"cause", name_of(why)}});
}

std::uint64_t Tally::lost_acks() const {
    return value("acks_lost_total");
}

std::uint64_t Tally::failures() const {
    std::uint64_t sum = 0;
    for (const auto fault : {base::Fault::transient, base::Fault::malformed, base::Fault::exhausted,
                             base::Fault::misconfigured}) {
        sum += value("store_errors_total", {{"fault", name_of(fault)}});
    }
    return sum;
}

base::Counter& Tally::counter(const std::string& name, const std::string& help,
                              std::vector<base::Label> labels) {
    return counters_.counter("leat_bridge_" + name, help, std::move(labels));
}

std::uint64_t Tally::value(const std::string& name, const std::vector<base::Label>& labels) const {
    return static_cast<std::uint64_t>(counters_.value("leat_bridge_" + name, labels));
}

std::string encode_status(const BridgeStatus& status, const Tally& tally) {
    base::JsonWriter json;
    json.begin_object().member("state", status.state).member("version", status.version);
    json.member("uptime_s", std::chrono::floor<std::chrono::seconds>(status.uptime).count());
    json.member("redis", status.redis);
    json.key("batches").begin_object();
    for (const auto answer : kAnswers) json.member(wire::to_text(answer), tally.batches(answer));
    json.end_object();
    json.member("records", tally.records()).member("bytes", tally.bytes());
    json.key("dead").begin_object();
    json.member("topic", tally.dead(DeadCause::topic));
    json.member("payload", tally.dead(DeadCause::payload)).end_object();
    json.key("dropped").begin_object();
    json.member("store_away", tally.dropped(Dropped::store_away));
    json.member("store_failed", tally.dropped(Dropped::store_failed));
    json.member("mailbox_full", status.mailbox_full).end_object();
    json.member("nodes_refused", status.nodes_refused);
    json.member("acks_lost", tally.lost_acks()).member("redis_errors", tally.failures());
    json.member("now", base::to_milliseconds(status.now)).end_object();
    return json.take();
}

std::string encode_will() {
    return base::JsonWriter{}.begin_object().member("state", "lost").end_object().text();
}

}  // namespace bridge
