#include "wire/summary.hpp"

#include <algorithm>

namespace wire {

Summary Summary::of(double value) {
    return {.count = 1,
            .sum = value,
            .sumsq = value * value,
            .min = value,
            .max = value,
            .first = value,
            .last = value};
}

void Summary::add(double value) {
    append(of(value));
}

void Summary::append(const Summary& later) {
    if (later.count == 0) return;
    if (count == 0) {
        *this = later;
        return;
    }
    count += later.count;
    sum += later.sum;
    sumsq += later.sumsq;
    min = std::min(min, later.min);
    max = std::max(max, later.max);
    last = later.last;
}

}  // namespace wire
