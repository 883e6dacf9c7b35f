#include "wire/batch.hpp"

#include <fmt/format.h>

#include "base/ensure.hpp"
#include "base/json.hpp"
#include "wire/limits.hpp"

namespace wire {

namespace {

using base::Error;
using base::Fault;
using base::Json;
using base::Result;

constexpr int kVersion = 1;

Error malformed(std::string reason) {
    return {Fault::malformed, std::move(reason)};
}

bool is_sequence(const Json* json, std::uint64_t least) {
    return json != nullptr && json->is_count() && json->count() >= least &&
           json->count() <= kSequenceMax;
}

Result<BatchHeader> decode_header(std::string_view line) {
    const auto parsed =
        base::parse_json(line, {.bytes_max = kHeaderBytesMax, .depth_max = 1, .values_max = 16});
    if (!parsed) return malformed("header: " + parsed.error().detail);
    const auto& json = parsed.value();
    const auto* version = json.find("v");
    if (version == nullptr || !version->is_count()) return malformed("header: v is missing");
    if (version->count() != kVersion) {
        return malformed(fmt::format("header: version {} is unknown here", version->count()));
    }
    const auto* incarnation = json.find("inc");
    const auto* before = json.find("h");
    if (incarnation == nullptr || before == nullptr)
        return malformed("header: inc or h is missing");
    const auto parsed_incarnation = parse_incarnation(incarnation->string);
    const auto parsed_before = parse_chain_hash(before->string);
    if (!parsed_incarnation) return malformed("header: inc is not 16 hexadecimal digits");
    if (!parsed_before) return malformed("header: h is not 32 hexadecimal digits");
    if (!is_sequence(json.find("base"), 1))
        return malformed("header: base is not a sequence number");
    if (!is_sequence(json.find("lo"), 1)) return malformed("header: lo is not a sequence number");
    if (!is_sequence(json.find("n"), 0)) return malformed("header: n is not a count");
    const auto* now = json.find("now");
    if (now == nullptr || !now->is_count()) return malformed("header: now is not a time");
    const auto count = json.find("n")->count();
    if (count > kBatchRecordsMax) {
        return malformed(fmt::format("{} records, {} are allowed", count, kBatchRecordsMax));
    }
    BatchHeader header{.incarnation = *parsed_incarnation,
                       .base = json.find("base")->count(),
                       .count = static_cast<std::uint32_t>(count),
                       .lowest = json.find("lo")->count(),
                       .before = *parsed_before,
                       .now = base::from_milliseconds(static_cast<std::int64_t>(now->count()))};
    if (header.lowest > header.base) return malformed("header: lo is above base");
    if (header.base > kSequenceMax - count) return malformed("header: base is too large");
    if (json.find("after") == nullptr) return header;
    if (!is_sequence(json.find("after"), header.lowest)) {
        return malformed("header: after is not a sequence number from lo on");
    }
    header.after = json.find("after")->count();
    if (*header.after + 1 >= header.base) return malformed("header: after leaves out nothing");
    return header;
}

}  // namespace

std::string encode_batch(const BatchHeader& header, const std::vector<std::string_view>& lines) {
    ENSURE(header.count == lines.size());
    ENSURE(lines.size() <= kBatchRecordsMax);
    ENSURE(header.lowest >= 1 && header.lowest <= header.base);
    base::JsonWriter json;
    json.begin_object().member("v", kVersion).member("inc", to_text(header.incarnation));
    json.member("base", header.base).member("n", static_cast<std::uint64_t>(header.count));
    json.member("lo", header.lowest).member("h", to_text(header.before));
    if (header.after) {
        ENSURE(header.lowest <= *header.after && *header.after + 1 < header.base);
        json.member("after", *header.after);
    }
    json.member("now", base::to_milliseconds(header.now)).end_object();
    ENSURE(json.text().size() <= kHeaderBytesMax);
    auto payload = json.take();
    for (const auto line : lines) {
        ENSURE(line.size() <= kLineBytesMax);
        ENSURE(line.find('\n') == std::string_view::npos);
        payload += '\n';
        payload += line;
    }
    ENSURE(payload.size() <= kBatchBytesMax);
    return payload;
}

Result<BatchView> decode_batch(std::string_view payload) {
    if (payload.size() > kBatchBytesMax) {
        return malformed(fmt::format("{} bytes, {} are allowed", payload.size(), kBatchBytesMax));
    }
    const auto end = payload.find('\n');
    auto header = decode_header(payload.substr(0, end));
    if (!header) return header.error();
    BatchView batch{.header = header.value(), .lines = {}};
    auto rest = end;
    while (rest != std::string_view::npos) {
        const auto start = rest + 1;
        rest = payload.find('\n', start);
        const auto line =
            payload.substr(start, rest == std::string_view::npos ? rest : rest - start);
        if (batch.lines.size() == batch.header.count) return malformed("more lines than n says");
        if (line.empty()) return malformed("an empty record line");
        if (line.size() > kLineBytesMax) {
            return malformed(fmt::format("a record line of {} bytes, {} are allowed", line.size(),
                                         kLineBytesMax));
        }
        batch.lines.push_back(line);
    }
    if (batch.lines.size() != batch.header.count) return malformed("fewer lines than n says");
    return batch;
}

}  // namespace wire
