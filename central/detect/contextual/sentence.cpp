#include "central/detect/contextual/sentence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace detect::contextual {

namespace {

std::string_view unlike(Family family) {
    switch (family) {
        case Family::recent:
            return "unlike anything seen before, by itself or next to the readings just before it";
        case Family::shape:
            return "the last 96 readings together are unlike any stretch seen before";
        case Family::weekly:
            return "unlike anything seen before at this hour of the week";
        case Family::habit:
            return "unlike what is usual at this time of day";
    }
    return {};
}

/// To one digit: 4213 readings are about 4000.
double rounded(double number) {
    const double scale = std::pow(10.0, std::floor(std::log10(number)));
    return std::round(number / scale) * scale;
}

}  // namespace

std::string_view word_of(Family family) {
    switch (family) {
        case Family::recent:
            return "recent";
        case Family::shape:
            return "shape";
        case Family::weekly:
            return "weekly";
        case Family::habit:
            return "habit";
    }
    return {};
}

std::string sentence_of(const Verdict& verdict) {
    const double readings = rounded(std::pow(10.0, std::clamp(verdict.decades, 0.0, 15.0)));
    return fmt::format("{}; so far off is about 1 reading in {:.0f}", unlike(verdict.family),
                       readings);
}

}  // namespace detect::contextual
