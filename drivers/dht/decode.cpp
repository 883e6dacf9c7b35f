#include "drivers/dht/decode.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "drivers/dht/periods.hpp"

namespace drivers::dht {

namespace {

constexpr std::size_t kBits = 40;
constexpr std::size_t kLeadingBitsLostMax = 2;
constexpr double kNsInUs = 1000;

// Before the first bit there is at most the response, cut in two when an edge too many came.
constexpr std::size_t kPeriodsBeforeBitsMax = 2;

/// An AM2301 goes on for 64 bits.
std::size_t bits_sent_max(Model model) {
    return model == Model::dht11 ? kBits : 64;
}

base::Error refusal(std::string_view reason) {
    return {base::Fault::transient, std::string{reason}};
}

/// What the alignments tried so far came to.
struct Tally {
    std::size_t right = 0;
    bool checksum_only = false;
    std::size_t tried = 0;
    Climate climate;
};

void try_alignment(Model model, const std::vector<bool>& bits, std::size_t first, Tally& tally) {
    Bytes bytes{};
    for (std::size_t i = 0; i < kBits; ++i) {
        const unsigned bit = bits[first + i] ? 1 : 0;
        bytes[i / 8] = static_cast<std::uint8_t>(bytes[i / 8] * 2U + bit);
    }
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
/// be a 1, so that only one is mended there.
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
    // No frame begins with a 1: it is a short response, and the bits begin after it.
    const bool begins_with_response = run.first == 0 && run.bits.front();
    const std::size_t first = begins_with_response ? 1 : 0;
    if (run.bits.size() >= first + kBits) try_alignment(model, run.bits, first, tally);
    // Only a run that nothing came before can have lost its beginning.
    if (run.first > 0) return;
    std::vector<bool> bits(leading_bits_lost(model, run), false);
    if (bits.empty()) return;
    bits.insert(bits.end(), run.bits.begin(), run.bits.end());
    try_alignment(model, bits, 0, tally);
}

std::string_view reason_of(const Tally& tally, std::size_t periods) {
    if (tally.right > 1) return dht_reason::kAmbiguous;
    if (tally.checksum_only) return dht_reason::kImplausible;
    if (tally.tried > 0) return dht_reason::kChecksum;
    return periods < kBits ? dht_reason::kShortFrame : dht_reason::kBadPulse;
}

}  // namespace

base::Result<Climate> decode_falls(Model model, std::span<const std::int64_t> falls_ns) {
    if (falls_ns.empty()) return refusal(dht_reason::kNoResponse);
    std::vector<double> periods_us;
    for (std::size_t i = 1; i < falls_ns.size(); ++i) {
        periods_us.push_back(static_cast<double>(falls_ns[i] - falls_ns[i - 1]) / kNsInUs);
    }
    Tally tally;
    for (const auto& run : find_bit_runs(periods_us)) try_run(model, run, tally);
    if (tally.right == 1) return tally.climate;
    return refusal(reason_of(tally, periods_us.size()));
}

}  // namespace drivers::dht
