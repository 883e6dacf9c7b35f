#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "drivers/core/units.hpp"

namespace drivers {

/// What one member of a document says of the unit of others: "temperature_unit":"F",
/// "units":"imperial", "usUnits":1, "is_fahrenheit":true, "metric":false.
struct UnitStatement {
    std::string owner;  // What it is of, in small letters and digits: "temperature"; empty: of all.
    std::string text;   // "°F", "imperial", "usunits16"
};

/// `text` is what the member holds: a text, a number, "true" or "false". Nothing when the member
/// says no unit.
std::optional<UnitStatement> unit_statement(std::string_view member, std::string_view text);

/// Whether it can be of a value called `name` (letters and digits in lower case) that is recorded
/// in `unit`.
bool is_of(const UnitStatement& statement, std::string_view name, std::string_view unit);

/// How surely a statement is of a value.
enum class Claim {
    other,   // Something else beside it can have that unit.
    alone,   // Nothing else can.
    surely,  // It names the value, or the value's own name says nothing: "value".
};

/// What a stated unit means for a value.
struct UnitVerdict {
    enum class Kind {
        silent,       // Nothing: it is of another value, or the value's own name says otherwise.
        converts,     // The value is in that unit.
        contradicts,  // It cannot be.
        unknown,      // leat does not know the unit, or it is open: the pressure of "imperial".
    };
    Kind kind = Kind::silent;
    Scale scale{};
};

/// `name` is the value's member as it is written. A statement with an owner is surely its own.
UnitVerdict judge(const UnitStatement& statement, std::string_view name, std::string_view unit,
                  Claim claim);

/// Whether a number of that name can be in a unit, as far as its name tells: a "battery" is in no
/// hPa, a "timestamp" in no unit at all.
bool can_be_in(std::string_view name, std::string_view unit);

/// The letters and digits, in lower case: "temp_Unit" is "tempunit".
std::string letters_of(std::string_view text);

}  // namespace drivers
