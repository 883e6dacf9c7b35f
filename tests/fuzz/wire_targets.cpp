#include "base/ensure.hpp"
#include "fuzz/targets.hpp"
#include "wire/ack.hpp"
#include "wire/batch.hpp"
#include "wire/limits.hpp"
#include "wire/record.hpp"
#include "wire/record_scan.hpp"
#include "wire/sketch.hpp"
#include "wire/status.hpp"
#include "wire/topic.hpp"

namespace fuzz {

void ack(std::string_view input) {
    const auto first = wire::decode_ack(input);
    if (!first) return;
    const auto again = wire::decode_ack(wire::encode_ack(first.value()));
    ENSURE(again);
    ENSURE(again.value() == first.value());
}

void batch(std::string_view input) {
    const auto first = wire::decode_batch(input);
    if (!first) return;
    const auto& [header, lines] = first.value();
    ENSURE(lines.size() == header.count);
    ENSURE(header.lowest <= header.base);
    // A header may be written shorter than we write it: 1e15.
    if (input.size() + wire::kHeaderBytesMax > wire::kBatchBytesMax) return;
    const auto written = wire::encode_batch(header, lines);
    const auto again = wire::decode_batch(written);
    ENSURE(again);
    ENSURE(again.value().header == header);
    ENSURE(again.value().lines == lines);
    for (const auto line : lines) static_cast<void>(wire::decode_record(line));
}

void record(std::string_view input) {
    const auto scanned = wire::scan_record(input);
    const auto first = wire::parse_record(input);
    ENSURE(first || !scanned);
    if (!first) return;
    // Numbers may be written shorter than we write them: 1e15. No program encodes the records of
    // another again.
    constexpr std::size_t kGrowthMax = 5;
    if (input.size() > wire::kLineBytesMax / kGrowthMax) return;
    const auto written = wire::encode_record(first.value());
    ENSURE(!scanned || wire::encode_record(*scanned) == written);
    const auto again = wire::decode_record(written);
    ENSURE(again);
    ENSURE(wire::encode_record(again.value()) == written);
    ENSURE(again.value().origin == first.value().origin);
    const wire::Origin origin{.incarnation = {7}, .seq = 8, .hash = {}};
    const auto tagged = wire::decode_record(wire::with_origin(written, origin));
    ENSURE(tagged);
    ENSURE(tagged.value().origin == first.value().origin.value_or(origin));
}

void sketch(std::string_view input) {
    const auto first = wire::Sketch::decode(input);
    if (!first) return;
    ENSURE(first.value().encode() == input);
    auto twice = first.value();
    twice.merge(first.value());
    ENSURE(twice.count() == 2 * first.value().count());
    ENSURE(twice.quantile(0) == first.value().quantile(0));
    ENSURE(twice.quantile(1) == first.value().quantile(1));
}

void status(std::string_view input) {
    const auto first = wire::decode_status(input);
    if (!first) return;
    const auto again = wire::decode_status(wire::encode_status(first.value()));
    ENSURE(again);
    ENSURE(again.value() == first.value());
}

void topic(std::string_view input) {
    if (const auto parts = wire::Topics{}.parse(input)) {
        ENSURE("leat/v1/" + parts->node + "/" + parts->leaf == input);
        ENSURE(wire::is_node_name(parts->node));
    }
    if (wire::is_topic_root(input)) {
        const wire::Topics topics{std::string{input}};
        const auto parts = topics.parse(topics.data("attic"));
        ENSURE(parts);
        ENSURE(parts->node == "attic");
        ENSURE(parts->leaf == "data");
        ENSURE(!topics.parse(topics.program_status("bridge", "one")));
    }
    if (wire::is_series_name(input)) ENSURE(wire::is_series_name(input));
    if (const auto incarnation = wire::parse_incarnation(input)) {
        ENSURE(wire::to_text(*incarnation) == input);
    }
    if (const auto hash = wire::parse_chain_hash(input)) ENSURE(wire::to_text(*hash) == input);
}

}  // namespace fuzz
