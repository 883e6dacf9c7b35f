#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "drivers/core/configured_driver.hpp"
#include "drivers/serial/board.hpp"

namespace serial_test {

/// A board, the driver on its port, and its readings.
struct Rig {
    explicit Rig(const std::string& more = {}, bool plugged = true) {
        if (!plugged) board.unplug();
        driver = configured::must_make(
            "[[sensor]]\nname = \"uno\"\ndriver = \"serial\"\nport = \"" + board.path() +
                "\"\ndevices = \"" + board.folder() + "\"\n" + more,
            clock);
        collect();
    }

    void say(std::string_view bytes) {
        for (; !bytes.empty(); bytes.remove_prefix(std::min<std::size_t>(bytes.size(), 1000))) {
            board.say(bytes.substr(0, 1000));
            collect();
        }
    }

    void wait(base::Duration time) {
        clock.advance(time);
        collect();
    }

    void collect() {
        const auto harvest = driver->collect(clock.instant(), 256);
        for (const auto& measurement : harvest.measurements) {
            const auto& quantity = driver->quantities().at(measurement.quantity);
            readings.push_back(quantity.name + "=" + text(measurement.value));
            with_units.push_back(readings.back() + " " + quantity.unit);
        }
        for (const auto& failure : harvest.failures) {
            (failure.readings > 0 ? failures : told).push_back(failure.reason);
            lost += failure.readings;
            last_quantities = failure.quantities;
        }
    }

    static std::string text(double value) {
        auto digits = std::to_string(value);
        digits.erase(digits.find_last_not_of('0') + 1);
        if (digits.back() == '.') digits.pop_back();
        return digits;
    }

    std::vector<std::string> take_readings() { return std::exchange(readings, {}); }
    std::vector<std::string> take_told() { return std::exchange(told, {}); }
    std::vector<std::string> take_failures() { return std::exchange(failures, {}); }

    support::ManualClock clock;
    Board board;
    std::unique_ptr<drivers::Driver> driver;
    std::vector<std::string> readings;
    std::vector<std::string> with_units;
    std::vector<std::string> failures;         // That cost readings.
    std::vector<std::string> told;             // That cost none.
    std::uint64_t lost = 0;                    // Readings that failed.
    std::vector<std::size_t> last_quantities;  // Of the last failure.
};

}  // namespace serial_test
