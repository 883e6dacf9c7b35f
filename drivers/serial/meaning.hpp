#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "drivers/core/driver.hpp"
#include "drivers/core/units.hpp"

namespace drivers::serial {

/// What a label with a unit, or a mapping, means.
struct Meaning {
    Quantity quantity;
    Scale scale{};  // From what the board sends.
};

/// Why a label has no meaning.
struct Unclear {
    enum class Cause {
        unknown,        // Nothing says what it measures, or in which unit.
        contradiction,  // The unit is not one of this quantity, or may be two.
    };

    Cause cause = Cause::unknown;
    std::string why;  // For people: what to write.
};

/// Either of them.
struct Understood {
    std::optional<Meaning> meaning{};
    Unclear unclear{};
};

/// The meaning of a label that explains itself, alone or with the unit behind its number:
/// "temperature", "temp_2", "distance_cm", "Soil" with "%". "pressure" alone may be in Pa or hPa,
/// "distance" in cm or m: they have no meaning.
/// With `any`, whatever has no unit is a number without one.
Understood meaning_of_label(std::string_view label, std::string_view sent_unit, bool any);

/// The meaning of a number whose unit alone tells what it measures, under a label that does not:
/// "23 *C" after "Sample OK" is temperature. Nothing when the unit does not.
std::optional<Meaning> meaning_of_unit(std::string_view label, std::string_view sent_unit,
                                       std::string_view unit);

/// What to write for a mapping without a unit where boards send several; empty where they do not.
std::string unit_question(const std::string& quantity);

/// The meaning of `quantity:unit` in the configuration. The unit is the one that the board sends: a
/// SenML unit, or one that is converted ("cm", "hPa", "mV", "degF" …). The default is the
/// quantity's usual unit.
Meaning meaning_of_mapping(const std::string& quantity, const std::optional<std::string>& unit);

}  // namespace drivers::serial
