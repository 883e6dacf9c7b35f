#include "delivery/outbox/removal.hpp"

#include <algorithm>

#include "base/ensure.hpp"

namespace delivery {

namespace {

constexpr std::string_view kGapStart = R"({"k":"gap")";

/// Where the loss begins that an evicted record declares; its own number when it declares none.
std::uint64_t beginning_of(std::uint64_t seq, std::string_view line) {
    if (!line.starts_with(kGapStart)) return seq;
    const auto record = wire::decode_record(line);
    if (!record || record.value().origin) return seq;  // Numbers of another incarnation.
    const auto* gap = std::get_if<wire::Gap>(&record.value().body);
    return gap == nullptr ? seq : std::min(seq, gap->from);
}

}  // namespace

void Removal::add(std::uint64_t seq, const Flush::Content& content, std::string_view line) {
    ENSURE(records_ == 0 || seq > to_);
    const auto from = beginning_of(seq, line);
    from_ = records_ == 0 ? from : std::min(from_, from);
    to_ = seq;
    ++records_;
    if (content.readings == 0 && records_ > 1) return;
    if (content_.readings == 0) {
        content_ = content;
        return;
    }
    content_.readings += content.readings;
    content_.first_ms = std::min(content_.first_ms, content.first_ms);
    content_.last_ms = std::max(content_.last_ms, content.last_ms);
}

std::string Removal::line() const {
    ENSURE(records_ > 0);
    wire::Gap gap{.from = from_,
                  .to = to_,
                  .readings = content_.readings,
                  .first = {},
                  .last = {},
                  .reason = reason_};
    if (content_.has_times()) {
        gap.first = base::from_milliseconds(content_.first_ms);
        gap.last = base::from_milliseconds(content_.last_ms);
    }
    return wire::encode_record({.body = gap, .origin = {}});
}

Flush::Content Removal::content() const {
    auto content = content_;
    if (reason_ == wire::GapReason::thinned) content.readings = 0;
    return content;
}

}  // namespace delivery
