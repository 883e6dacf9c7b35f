#include "delivery/uplink/marks.hpp"

#include <algorithm>

namespace delivery {

base::Result<Marks::Agreement> Marks::compare(const wire::Mark& mark) const {
    if (mark.seq > outbox_.extent().head) return Agreement::different;
    const auto own = outbox_.hash_at(mark.seq);
    if (!own) return own.error();
    if (!own.value()) return Agreement::unknown;
    return *own.value() == mark.hash ? Agreement::same : Agreement::different;
}

base::Result<Marks::Judgement> Marks::judge(const wire::Ack& ack) const {
    const auto durable = compare(ack.durable);
    if (!durable) return durable.error();
    const auto applied =
        ack.applied ? compare(*ack.applied) : base::Result<Agreement>{Agreement::unknown};
    if (!applied) return applied.error();
    Judgement judgement{.verdict = Verdict::agrees,
                        .proves_durable = durable.value() == Agreement::same,
                        .proves_applied = applied.value() == Agreement::same};
    const bool disagrees =
        durable.value() == Agreement::different || applied.value() == Agreement::different;
    const bool claims_fork = ack.answer == wire::Answer::fork;
    if (claims_fork && !disagrees && judgement.proves_durable) {
        judgement.verdict = Verdict::unfounded_fork;
    } else if (claims_fork || disagrees) {
        judgement.verdict = Verdict::fork;
    }
    return judgement;
}

void Marks::raise(const wire::Ack& ack, const Judgement& judgement) {
    if (judgement.proves_durable) durable_ = std::max(durable_, ack.durable.seq);
    if (judgement.proves_applied) applied_ = std::max(applied_, ack.applied->seq);
}

bool Marks::proves(const wire::Mark& mark) const {
    const auto compared = compare(mark);
    return compared && compared.value() == Agreement::same;
}

std::uint64_t Marks::proven_prefix(const wire::Ack& ack) const {
    const auto known = std::min(applied_, outbox_.extent().head);
    const auto applied =
        ack.applied ? compare(*ack.applied) : base::Result<Agreement>{Agreement::unknown};
    // The sink has other records under these numbers: it will not count ours, even if Redis has
    // them.
    if (!applied || applied.value() == Agreement::different) return known;
    auto prefix = known;
    if (applied.value() == Agreement::same) prefix = std::max(prefix, ack.applied->seq);
    if (proves(ack.durable)) prefix = std::max(prefix, ack.durable.seq);
    return prefix;
}

}  // namespace delivery
