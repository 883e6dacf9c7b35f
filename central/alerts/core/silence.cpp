#include "central/alerts/core/silence.hpp"

namespace alerts {

bool covers(const Silence& silence, const Alert& alert, base::EventTime now) {
    if (now < silence.from || now >= silence.to) return false;
    if (silence.node == kEverything) return true;
    return silence.node == alert.node && (silence.series.empty() || silence.series == alert.series);
}

std::string subject_of(const Silence& silence) {
    return silence.series.empty() ? silence.node : silence.node + "/" + silence.series;
}

}  // namespace alerts
