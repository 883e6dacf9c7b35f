#include "central/detect/contextual/rarity.hpp"

#include <algorithm>
#include <cmath>

namespace detect::contextual {

namespace {

constexpr int kBinsAnOctave = 4;
constexpr double kTailIndex = 2;
constexpr double kLog10Of2 = 0.30103;

}  // namespace

double Rarity::place_of(double size) const {
    if (!(size > 0)) return 0;
    const double middle = kBins / 2.0;
    if (!has_origin_) return middle;
    return std::clamp(kBinsAnOctave * std::log2(size) - origin_ + middle, 0.0, kBins - 1e-3);
}

double Rarity::decades(double size) const {
    if (learned_ == 0) return 0;
    const double place = place_of(size);
    const int bin = static_cast<int>(place);
    std::uint32_t above = 0;
    for (int i = bin + 1; i <= top_; ++i) above += counts_[static_cast<std::size_t>(i)];
    const double within = counts_[static_cast<std::size_t>(bin)] * (bin + 1 - place);
    const double share = (above + within + 0.5) / (learned_ + 1.0);
    const double known = -std::log10(std::min(1.0, share));
    const double beyond = has_origin_ ? std::max(0.0, place - top_ - 1) : 0;
    return known + beyond * (kTailIndex * kLog10Of2 / kBinsAnOctave);
}

void Rarity::learn(double size) {
    if (!has_origin_ && size > 0) {
        origin_ = static_cast<std::int32_t>(std::floor(kBinsAnOctave * std::log2(size)));
        has_origin_ = true;
    }
    const auto bin = static_cast<std::size_t>(place_of(size));
    top_ = std::max(top_, static_cast<std::int16_t>(bin));
    ++learned_;
    if (++counts_[bin] == 65'535) halve();
}

/// Rounds up: what was seldom stays known.
void Rarity::halve() {
    learned_ = 0;
    for (auto& count : counts_) {
        count = static_cast<std::uint16_t>((count + 1) / 2);
        learned_ += count;
    }
}

}  // namespace detect::contextual
