#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "base/ensure.hpp"
#include "drivers/serial/devices.hpp"
#include "drivers/serial/fields.hpp"
#include "drivers/serial/text/decode.hpp"
#include "drivers/serial/text/lines.hpp"
#include "fuzz/targets.hpp"

namespace fuzz {

namespace {

using drivers::serial::Line;
using drivers::serial::Lines;

/// Every value becomes a reading, a failure or a word, or the line is refused with a reason; and no
/// more series are made than are allowed.
void decode(const Line& line, const drivers::serial::LineOptions& options,
            drivers::serial::Fields& fields, drivers::serial::Devices& devices) {
    const auto result = drivers::serial::decode_line(line, options);
    if (!result) {
        ENSURE(!result.error().detail.empty());
        return;
    }
    auto decoded = result.value();
    for (const auto& value : decoded.values) ENSURE(std::isfinite(value.number));
    const auto device = devices.take(decoded);
    if (!device) return;
    ENSURE(devices.take_told().size() <= decoded.values.size() + 4);
    const auto readings = fields.accept(decoded.values, device.value());
    if (!readings) {
        ENSURE(!readings.error().detail.empty());
        return;
    }
    ENSURE(readings.value().readings.size() <= decoded.values.size());
    for (const auto& reading : readings.value().readings) {
        ENSURE(std::isfinite(reading.value));
        ENSURE(reading.quantity < fields.quantities().size());
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
    const bool splits = input.size() % 2 == 1;
    drivers::serial::Fields fields(
        {.mappings = {}, .ignored = {}, .accept_any = true, .is_split = splits});
    using By = std::vector<std::string>;
    drivers::serial::Devices devices({.by = splits ? std::optional{By{"id"}} : std::nullopt});
    const drivers::serial::LineOptions options{.decimal_mark = input.size() % 3 == 0 ? ',' : '.',
                                               .columns = {"a", "", "b"}};
    for (const auto& line : lines) {
        ENSURE(!line.text.empty() && line.text.size() <= Lines::kLineBytesMax);
        decode(line, options, fields, devices);
        decode(line, {}, fields, devices);
    }
    ENSURE(fields.quantities().size() <= drivers::serial::Fields::kSeriesMax);
}

}  // namespace fuzz
