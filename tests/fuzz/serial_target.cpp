#include <cmath>

#include "base/ensure.hpp"
#include "drivers/serial/decode.hpp"
#include "drivers/serial/fields.hpp"
#include "drivers/serial/lines.hpp"
#include "fuzz/targets.hpp"

namespace fuzz {

namespace {

using drivers::serial::Line;
using drivers::serial::Lines;

/// Every value finds its series or a reason, and no more series are made than are allowed.
void decode(const Line& line, drivers::serial::Fields& fields) {
    const auto decoded = drivers::serial::decode_line(line);
    if (!decoded) {
        ENSURE(!decoded.error().detail.empty());
        return;
    }
    for (const auto& value : decoded.value().values) {
        ENSURE(!value.value || std::isfinite(*value.value));
        const auto place = fields.find(value.key);
        if (!place) {
            ENSURE(!place.error().detail.empty());
        } else if (place.value()) {
            ENSURE(place.value()->quantity < fields.quantities().size());
        }
    }
}

}  // namespace

void serial(std::string_view input) {
    Lines whole;
    Lines pieces;
    const auto lines = whole.feed(input);
    std::vector<Line> same;
    for (const char byte : input) {
        for (auto& line : pieces.feed({&byte, 1})) same.push_back(std::move(line));
    }
    ENSURE(lines == same);
    ENSURE(whole.take_losses() == pieces.take_losses());
    drivers::serial::Fields fields({.mappings = {}, .ignored = {}, .accept_any = true});
    for (const auto& line : lines) {
        ENSURE(!line.text.empty() && line.text.size() <= Lines::kLineBytesMax);
        decode(line, fields);
    }
    ENSURE(fields.quantities().size() <= drivers::serial::Fields::kSeriesMax);
}

}  // namespace fuzz
