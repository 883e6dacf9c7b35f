#include "drivers/serial/groups.hpp"

#include <algorithm>
#include <cmath>

#include "drivers/core/units.hpp"
#include "drivers/serial/label.hpp"

namespace drivers::serial {

namespace {

using Value = DecodedLine::Value;

std::string unit_in_group(const Value& value, bool after_temperature) {
    const auto label = read_label(value.key, value.unit);
    if (label.quantity != nullptr && conversion(value.unit, label.quantity->unit)) {
        return std::string{label.quantity->unit};
    }
    if (const auto clear = clear_unit(value.unit)) return std::string{clear->unit};
    if (value.unit == "C" || value.unit == "F") return "Cel";
    // SimpleDHT: "23 *C, 45 H".
    return value.unit == "H" && after_temperature ? "%RH" : "";
}

bool is_metric(const Value& value, const std::string& unit) {
    const auto scale = conversion(value.unit, unit);
    if (!scale || scale->add != 0) return false;
    const auto power = std::log10(scale->multiply / scale->divide);
    return std::abs(power - std::round(power)) < 1e-9;
}

}  // namespace

std::vector<std::string> units_of_group(const std::vector<Value>& values) {
    std::vector<std::string> units;
    for (const auto& value : values) {
        units.push_back(unit_in_group(value, !units.empty() && units.back() == "Cel"));
    }
    return units;
}

std::size_t main_of_group(const std::vector<Value>& values) {
    const auto units = units_of_group(values);
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (is_metric(values[i], units[i])) return i;
    }
    return 0;
}

}  // namespace drivers::serial
