#include "delivery/outbox/thinning.hpp"

#include "base/ensure.hpp"

namespace delivery {

namespace {

/// Records with more detail than this part of the bytes are thinned before history is touched.
constexpr std::uint64_t kFreshShare = 4;

bool is_gap(std::string_view line) {
    return line.starts_with(R"({"k":"gap")");
}

Flush::Content without_readings(Flush::Content content) {
    content.readings = 0;
    return content;
}

}  // namespace

Thinning::Fate Thinning::fate_of(Detail detail, const Flush::Content& content) const {
    if (detail == Detail::full) return Fate::thins;
    if (stored_.bytes_above(detail) * kFreshShare > stored_.bytes()) return Fate::moves;
    if (!stored_.is_old(detail, content)) return Fate::moves;
    return detail == Detail::quarters ? Fate::goes : Fate::thins;
}

void Thinning::accept(std::uint64_t seq, Detail detail, const Flush::Content& content,
                      std::string_view line) {
    const Source source{.seq = seq, .detail = detail, .content = content, .line = line};
    const auto record = wire::decode_record(line);
    const bool is_opaque = !record || record.value().origin;
    if (fate_of(detail, content) == Fate::goes && !is_gap(line)) {
        evict(source);
    } else if (is_opaque) {
        move(source, Detail::quarters);
    } else {
        std::visit([&](const auto& body) { accept(source, body); }, record.value().body);
    }
    stored_.remove(detail, content, line);
}

void Thinning::accept(const Source& source, const wire::Data& data) {
    fold(source, data, condensed_);
}

void Thinning::accept(const Source& source, const wire::Failed& failed) {
    fold(source, failed, failures_);
}

template <class Body, class Folded>
void Thinning::fold(const Source& source, const Body& body, std::vector<Folded>& all) {
    if (fate_of(source.detail, source.content) == Fate::moves) return move(source, source.detail);
    const auto target = source.detail == Detail::full ? Detail::minutes : Detail::quarters;
    thinned_.add(source.seq, source.content, source.line);
    const ClockOrigin clock{body};
    auto known = std::find_if(all.begin(), all.end(),
                              [&](const Folded& each) { return each.accepts(target, clock); });
    if (known == all.end()) known = all.insert(known, {target, clock});
    known->add(body);
}

void Thinning::accept(const Source& source, const wire::SeriesDeclaration& /*declaration*/) {
    if (!stored_.is_superseded(source.seq, source.line)) return move(source, Detail::quarters);
    thinned_.add(source.seq, source.content, source.line);
}

/// What it declares is declared again, by the gap record of this pass with the same reason.
void Thinning::accept(const Source& source, const wire::Gap& gap) {
    switch (gap.reason) {
        case wire::GapReason::thinned:
            return thinned_.add(source.seq, source.content, source.line);
        case wire::GapReason::evicted:
            return evicted_.add(source.seq, source.content, source.line);
        case wire::GapReason::corrupt:
            return move(source, Detail::quarters);
    }
}

void Thinning::accept(const Source& source, const wire::ClockSample& /*sample*/) {
    move(source, Detail::quarters);
}

void Thinning::accept(const Source& source, const wire::SensorFault& fault) {
    if (faulty_.insert(fault.sensor).second) return move(source, Detail::quarters);
    thinned_.add(source.seq, source.content, source.line);
}

/// The record moves to a new number, and its old number is declared as thinned.
void Thinning::move(const Source& source, Detail detail) {
    thinned_.add(source.seq, without_readings(source.content), {});
    moved_.push_back(
        {.line = std::string{source.line}, .content = source.content, .detail = detail});
}

void Thinning::evict(const Source& source) {
    evicted_.add(source.seq, source.content, source.line);
    ++evicted_records_;
}

std::vector<ThinnedLine> Thinning::lines() {
    std::vector<ThinnedLine> lines;
    for (const auto* removal : {&evicted_, &thinned_}) {
        if (removal->records() == 0) continue;
        lines.push_back(
            {.line = removal->line(), .content = removal->content(), .detail = Detail::quarters});
    }
    for (auto& moved : moved_) lines.push_back(std::move(moved));
    moved_.clear();
    for (auto& records : condensed_) records.write(lines);
    condensed_.clear();
    for (const auto& counts : failures_) counts.write(lines);
    failures_.clear();
    return lines;
}

}  // namespace delivery
