#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace drivers::serial {

/// What one line of a board contains.
struct DecodedLine {
    struct Value {
        enum class Kind {
            number,
            missing,  // The board has no number: nan, null, nothing.
            text,     // A word, or a list.
        };

        std::string key;   // As it came; of a nested member: "bme.temperature". May be empty.
        std::string text;  // As it came, with its unit.
        Kind kind = Kind::text;
        double number = 0;
        double resolution = 0;  // The place of its last digit: 0.01 for "23.40".
        std::string unit{};     // As it was written behind the number.
        bool is_truth = false;  // It was "true" or "false" in JSON.
        std::string beside{};   // What the only other label that says so is of: "indoor".
        bool again = false;     // Stands under the key of the value before it: "23 °C 73.4 °F".

        bool operator==(const Value&) const = default;
    };

    std::vector<Value> values{};
    std::optional<std::uint64_t> number{};  // `n`: the number of the line.
    std::optional<std::string> boot{};      // The board has just started; the name that it gives.
    std::vector<std::string> faults{};      // Readings that failed on the board.
    std::vector<std::string> refused{};     // Other pieces; the rest of the line is good.
    std::string remark{};                   // The whole line, if it is words without a number.
    bool is_json = false;

    bool says_anything() const {
        return is_json || !values.empty() || number || boot || !faults.empty() || !refused.empty();
    }
};

}  // namespace drivers::serial
