#include "drivers/dht/decode.hpp"

#include <vector>

#include "base/ensure.hpp"
#include "drivers/dht/periods.hpp"

namespace drivers::dht {

namespace {

constexpr std::size_t kBits = 40;
constexpr std::size_t kLeadingBitsLostMax = 2;
constexpr double kNsInUs = 1000;

// Before the first bit there is at most the response, cut in two by a superfluous edge.
constexpr std::size_t kPeriodsBeforeBitsMax = 2;

/// An AM2301 goes on to 64 bits.
std::size_t bits_sent_max(Model model) {
    return model == Model::dht11 ? kBits : 64;
}

/// The results of the alignments tried so far.
struct Tally {
    std::size_t right = 0;
    bool checksum_only = false;
    std::size_t tried = 0;
    Climate climate;
};

/// The first 40 bits, after `lost` zeros that were not seen.
Bytes bytes_of(std::span<const std::uint8_t> bits, std::size_t lost) {
    ENSURE(lost <= kBits);
    ENSURE(bits.size() >= kBits - lost);
    Bytes bytes{};
    std::size_t next = 0;
    std::size_t place = 0;
    for (auto& byte : bytes) {
        unsigned value = 0;
        for (const auto end = place + 8; place < end; ++place) {
            value = value * 2 + (place < lost ? 0U : bits[next++]);
        }
        byte = static_cast<std::uint8_t>(value);
    }
    return bytes;
}

void try_alignment(Model model, const Bytes& bytes, Tally& tally) {
    ++tally.tried;
    if (!checksum_holds(bytes)) return;
    const auto climate = plausible_climate(model, bytes);
    if (!climate) {
        tally.checksum_only = true;
        return;
    }
    ++tally.right;
    tally.climate = *climate;
}

/// How many leading bits may be missing, if the run begins with the first edge that was seen. They
/// are 0: no humidity reaches 128 %, and a DHT22's first six bits are 0. A DHT11's second bit may
/// be 1, so only one bit is mended there.
std::size_t leading_bits_lost(Model model, const BitRun& run) {
    const std::size_t mendable = model == Model::dht11 ? 1 : kLeadingBitsLostMax;
    for (const auto sent : {kBits, bits_sent_max(model)}) {
        if (run.bits.size() < sent && run.bits.size() + mendable >= sent) {
            return sent - run.bits.size();
        }
    }
    return 0;
}

void try_run(Model model, const BitRun& run, Tally& tally) {
    if (run.first > kPeriodsBeforeBitsMax) return;
    // No frame begins with a 1: this is a short response, and the bits begin after it.
    const bool begins_with_response = run.first == 0 && run.bits.front();
    const std::size_t first = begins_with_response ? 1 : 0;
    const std::span<const std::uint8_t> bits(run.bits);
    if (bits.size() >= first + kBits) {
        try_alignment(model, bytes_of(bits.subspan(first), 0), tally);
    }
    // Only a run with nothing before it can have lost its beginning.
    if (run.first > 0) return;
    const auto lost = leading_bits_lost(model, run);
    if (lost > 0) try_alignment(model, bytes_of(bits, lost), tally);
}

Refusal refusal_of(const Tally& tally, std::size_t periods) {
    if (tally.right > 1) return {.reason = "ambiguous", .sign = Sign::ambiguous};
    if (tally.checksum_only) return implausible();
    if (tally.tried > 0) return wrong_checksum();
    if (periods < kBits) return {.reason = "short frame", .sign = Sign::incomplete};
    return {.reason = "bad pulse", .sign = Sign::damaged};
}

}  // namespace

Refusal no_response() {
    return {.reason = "no response", .sign = Sign::no_answer};
}

Refusal wrong_checksum() {
    return {.reason = "checksum", .sign = Sign::checksum};
}

Refusal implausible() {
    return {.reason = "implausible", .sign = Sign::implausible};
}

Attempt<Climate> decode_falls(Model model, std::span<const std::int64_t> falls_ns) {
    if (falls_ns.empty()) return no_response();
    std::vector<double> periods_us;
    for (std::size_t i = 1; i < falls_ns.size(); ++i) {
        periods_us.push_back(static_cast<double>(falls_ns[i] - falls_ns[i - 1]) / kNsInUs);
    }
    Tally tally;
    for (const auto& run : find_bit_runs(periods_us)) try_run(model, run, tally);
    if (tally.right == 1) return tally.climate;
    return refusal_of(tally, periods_us.size());
}

}  // namespace drivers::dht
