#include "wire/ack.hpp"

#include <algorithm>
#include <array>

#include "base/json.hpp"
#include "base/text.hpp"
#include "wire/limits.hpp"

namespace wire {

namespace {

using base::Error;
using base::Fault;
using base::Json;
using base::Result;

constexpr int kVersion = 1;
constexpr std::size_t kAckBytesMax = 2048;  // A reason may grow six-fold in JSON: \u0001.
constexpr std::array kAnswers{Answer::ok,   Answer::dup,  Answer::gap,
                              Answer::busy, Answer::fork, Answer::reject};

Error malformed(std::string reason) {
    return {Fault::malformed, std::move(reason)};
}

std::optional<Mark> parse_mark(const Json* seq, const Json* hash) {
    if (seq == nullptr || hash == nullptr || !seq->is_count()) return std::nullopt;
    const auto parsed = parse_chain_hash(hash->string);
    if (!parsed) return std::nullopt;
    return Mark{.seq = seq->count(), .hash = *parsed};
}

std::uint64_t count_or_zero(const Json* json) {
    return json != nullptr && json->is_count() ? json->count() : 0;
}

}  // namespace

std::string_view to_text(Answer answer) {
    switch (answer) {
        case Answer::ok:
            return "ok";
        case Answer::dup:
            return "dup";
        case Answer::gap:
            return "gap";
        case Answer::busy:
            return "busy";
        case Answer::fork:
            return "fork";
        case Answer::reject:
            return "reject";
    }
    return "";
}

std::optional<Answer> parse_answer(std::string_view text) {
    const auto found = std::find_if(kAnswers.begin(), kAnswers.end(),
                                    [&](Answer answer) { return to_text(answer) == text; });
    if (found == kAnswers.end()) return std::nullopt;
    return *found;
}

std::string encode_ack(const Ack& ack) {
    base::JsonWriter json;
    json.begin_object().member("v", kVersion).member("inc", to_text(ack.incarnation));
    json.member("status", to_text(ack.answer));
    json.member("d", ack.durable.seq).member("h", to_text(ack.durable.hash));
    if (ack.applied) {
        json.member("a", ack.applied->seq).member("ha", to_text(ack.applied->hash));
    }
    json.member("expected", ack.expected);
    if (ack.retry_after > base::Duration::zero()) {
        json.member("retry_ms", ack.retry_after.count());
    }
    if (!ack.reason.empty()) json.member("reason", base::shortened(ack.reason, kTextBytesMax));
    json.member("now", base::to_milliseconds(ack.now)).end_object();
    return json.take();
}

Result<Ack> decode_ack(std::string_view payload) {
    const auto parsed =
        base::parse_json(payload, {.bytes_max = kAckBytesMax, .depth_max = 1, .values_max = 32});
    if (!parsed) return malformed(parsed.error().detail);
    const auto& json = parsed.value();
    const auto* version = json.find("v");
    if (version == nullptr || !version->is_count() || version->count() != kVersion) {
        return malformed("v is not 1");
    }
    const auto* incarnation = json.find("inc");
    const auto* status = json.find("status");
    if (incarnation == nullptr || status == nullptr) return malformed("inc or status is missing");
    const auto parsed_incarnation = parse_incarnation(incarnation->string);
    const auto answer = parse_answer(status->string);
    const auto durable = parse_mark(json.find("d"), json.find("h"));
    if (!parsed_incarnation) return malformed("inc is not 16 hexadecimal digits");
    if (!answer) return malformed("status is unknown");
    if (!durable) return malformed("d and h are not a mark");
    Ack ack{
        .incarnation = *parsed_incarnation,
        .answer = *answer,
        .durable = *durable,
        .applied = {},
        .expected = count_or_zero(json.find("expected")),
        .retry_after = base::Duration{count_or_zero(json.find("retry_ms"))},
        .reason = {},
        .now = base::from_milliseconds(static_cast<std::int64_t>(count_or_zero(json.find("now"))))};
    if (json.find("a") != nullptr) {
        ack.applied = parse_mark(json.find("a"), json.find("ha"));
        if (!ack.applied) return malformed("a and ha are not a mark");
    }
    if (const auto* reason = json.find("reason"); reason != nullptr) {
        ack.reason = base::shortened(reason->string, kTextBytesMax);
    }
    return ack;
}

}  // namespace wire
