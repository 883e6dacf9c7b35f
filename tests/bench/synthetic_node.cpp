#include "bench/synthetic_node.hpp"

#include "base/random.hpp"
#include "wire/ack.hpp"
#include "wire/record.hpp"

namespace bench {

namespace {

constexpr std::size_t kWindow = 2;

/// A record like a real one: two series, a reading every 50 ms, three digits.
std::string make_line(std::size_t readings, std::int64_t start_ms, base::Random& random) {
    wire::Data data{
        .at = base::from_milliseconds(start_ms), .clock = {}, .boot = {}, .columns = {}};
    for (const auto* series : {"sonar.distance", "climate.temperature"}) {
        wire::RawColumn column;
        for (std::size_t i = 0; i < readings / 2; ++i) {
            column.dt_ms.push_back(static_cast<std::int64_t>(i) * 50);
            column.values.push_back(static_cast<double>(1000 + random.below(1000)) / 1000);
        }
        data.columns.push_back({.series = series, .points = std::move(column)});
    }
    return wire::encode_record({.body = std::move(data), .origin = {}});
}

}  // namespace

SyntheticNode::SyntheticNode(const SyntheticOptions& options)
    : name_(options.name), between_(options.between) {
    base::Random random{wire::fnv1a64(options.name)};
    const wire::Chain chain;
    const wire::Incarnation incarnation{random.next()};
    auto hash = chain.start(name_, incarnation);
    std::uint64_t seq = 1;
    std::int64_t now_ms = 1'763'630'000'000;
    for (std::size_t b = 0; b < options.batches; ++b) {
        const auto before = hash;
        const auto base_seq = seq;
        std::vector<std::string> lines;
        for (std::size_t r = 0; r < options.records_per_batch; ++r) {
            lines.push_back(make_line(options.readings_per_record, now_ms, random));
            hash = chain.next(hash, seq++, lines.back());
            now_ms += static_cast<std::int64_t>(options.readings_per_record) * 25;
            readings_ += options.readings_per_record / 2 * 2;
        }
        const std::vector<std::string_view> views(lines.begin(), lines.end());
        batches_.push_back(
            {.payload = wire::encode_batch({.incarnation = incarnation,
                                            .base = base_seq,
                                            .count = static_cast<std::uint32_t>(lines.size()),
                                            .lowest = 1,
                                            .before = before,
                                            .now = base::from_milliseconds(now_ms)},
                                           views),
             .last = seq - 1});
    }
}

void SyntheticNode::send(broker::Connection& connection, base::Instant now) {
    if (!begun_) begun_ = now;
    while (sent_ < batches_.size() && sent_ < acknowledged_ + kWindow &&
           now >= *begun_ + static_cast<std::int64_t>(sent_) * between_) {
        if (!connection.publish(
                {.topic = wire::Topics{}.data(name_), .payload = batches_[sent_].payload})) {
            return;
        }
        auto& at = batches_[sent_].sent_at;
        if (at == base::Instant{}) at = now;
        ++sent_;
    }
}

void SyntheticNode::hear(const std::string& payload, base::Instant now) {
    const auto ack = wire::decode_ack(payload);
    if (!ack) return;
    heard_ = now;
    while (acknowledged_ < batches_.size() &&
           batches_[acknowledged_].last <= ack.value().durable.seq) {
        ++acknowledged_;
    }
    const auto applied = ack.value().applied ? ack.value().applied->seq : 0;
    while (applied_ < batches_.size() && batches_[applied_].last <= applied) {
        delays_.push_back(now - batches_[applied_++].sent_at);
    }
    if (ack.value().answer != wire::Answer::ok) sent_ = acknowledged_;
}

void SyntheticNode::resend_after(base::Duration silence, base::Instant now) {
    if (now - heard_ < silence) return;
    sent_ = acknowledged_;
    heard_ = now;
}

}  // namespace bench
