#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "drivers/serial/meaning.hpp"
#include "drivers/serial/text/decoded_line.hpp"

namespace drivers::serial {

struct FieldMapping {
    std::string key;
    Meaning meaning;
    std::string sent_unit{};  // What the board's numbers are in; empty: the quantity's own unit.
};

struct FieldOptions {
    std::vector<FieldMapping> mappings;  // From [sensor.keys]; series from the start.
    std::vector<std::string> ignored;    // Keys that are not readings.
    bool accept_any = false;             // Every key with a number is a series.
    bool is_split = false;               // Each series belongs to a device that its lines name.
};

/// What the values of a line are in the series.
struct LineReadings {
    struct Reading {
        std::size_t quantity = 0;  // Index into Fields::quantities().
        double value = 0;
        double tolerance = 0;  // How far another number for the same may be from it.
        Scale scale{};         // How the board's number became it.
    };
    struct Missing {
        std::size_t quantity = 0;
        std::string reason;
    };

    std::vector<Reading> readings;
    std::vector<Missing> missing;
    std::vector<std::string> told;  // What cost no reading, but nobody takes.
};

/// Knows which series each key of a board's lines belongs to, and in which unit its numbers come. A
/// key that is not configured becomes a series when it comes for the first time; there are at most
/// kSeriesMax in all.
class Fields {
  public:
    static constexpr std::size_t kSeriesMax = 48;

    explicit Fields(const FieldOptions& options);

    const std::vector<Quantity>& quantities() const { return quantities_; }

    /// The readings of all values of a line of one device (`device` is "" where there is only one).
    /// Malformed, with the reason, when a unit contradicts what its number measures, or two numbers
    /// for the same disagree: then nothing of the line may count.
    base::Result<LineReadings> accept(const std::vector<DecodedLine::Value>& all,
                                      const std::string& device);

  private:
    using Value = DecodedLine::Value;

    /// A key's series, and how it sends its numbers.
    struct Place {
        enum class Unit {
            said,     // By the key or the configuration; also behind the number, if at all.
            behind,   // Only behind the number.
            assumed,  // Never; it is taken for the usual one.
            usual,    // Behind the number, if at all, and the usual one.
        };
        std::size_t quantity = 0;
        Scale scale;  // Of a number without a unit.
        Unit unit = Unit::said;
        std::string stem{};  // The label without its unit.
    };
    struct Found {
        enum class Kind { series, passed_over, told, refused };
        Kind kind = Kind::passed_over;
        std::size_t quantity = 0;
        Scale scale{};
        bool is_twin = false;  // Another unit of a series that has a key already.
        std::string why{};
    };

    base::Status accept_group(const Value* first, const Value* end, const std::string& device,
                              LineReadings& line);
    bool says_unit(const Value& value) const;
    base::Status check_named_unit(const Value& value, const LineReadings& line) const;
    base::Status place(const Value& value, const Found& found, LineReadings& line) const;
    Found find(const Value& value, const std::string& device);
    Found find_in_group(const Value& value, const std::string& unit, const std::string& device);
    static Place place_of(const Value& value, const Meaning& meaning);
    Found known(const Place& place, const Value& value) const;
    Found add(const std::string& key, Place place, Meaning meaning, const std::string& device);
    bool is_ignored(const std::string& key) const;
    Found second_key(const std::string& key, const Place& place, const Meaning& meaning) const;

    FieldOptions options_;
    std::vector<Quantity> quantities_;
    std::map<std::string, Place, std::less<>> places_;  // By device and key.
};

}  // namespace drivers::serial
