#include <cmath>

#include "base/ensure.hpp"
#include "drivers/serial/decode.hpp"
#include "drivers/serial/fields.hpp"
#include "drivers/serial/lines.hpp"
#include "fuzz/targets.hpp"

namespace fuzz {

namespace {

using drivers::SerialLine;
using drivers::SerialLines;

/// Every value finds its series or a reason, and no more series are made than are allowed.
void decode(const SerialLine& line, drivers::SerialFields& fields) {
    const auto decoded = decode_serial_line(line);
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
    SerialLines whole;
    SerialLines pieces;
    const auto lines = whole.feed(input);
    std::vector<SerialLine> same;
    for (const char byte : input) {
        for (auto& line : pieces.feed({&byte, 1})) same.push_back(std::move(line));
    }
    ENSURE(lines == same);
    ENSURE(whole.take_losses() == pieces.take_losses());
    drivers::SerialFields fields({.mappings = {}, .ignored = {}, .accept_any = true});
    for (const auto& line : lines) {
        ENSURE(!line.text.empty() && line.text.size() <= SerialLines::kLineBytesMax);
        decode(line, fields);
    }
    ENSURE(fields.quantities().size() <= drivers::SerialFields::kSeriesMax);
}

}  // namespace fuzz
