#pragma once

#include <string>
#include <vector>

#include "drivers/core/configured_driver.hpp"
#include "support/manual_clock.hpp"
#include "support/temporary_folder.hpp"

/// A CSV file and the configuration that replays it.
namespace replay_test {

struct Value {
    std::string quantity;
    double value = 0;
    std::int64_t time_ms = 0;

    friend bool operator==(const Value&, const Value&) = default;
};

/// What several harvests gave together.
struct Taken {
    std::vector<Value> values;
    std::vector<std::string> failures;
    std::vector<std::string> positions;  // One a harvest that had one.
    std::vector<std::size_t> sizes;      // Measurements of each harvest.
    bool finished = false;
};

class Replay {
  public:
    /// Columns t (unix), a and b unless the test says otherwise.
    explicit Replay(const std::string& content, std::string more = {},
                    std::string columns = "a = \"a\"\nb = \"b\"\n")
        : more_(std::move(more)), columns_(std::move(columns)) {
        write(content);
    }

    void write(const std::string& content) { file_ = folder_.write("data.csv", content); }

    std::string configuration() const {
        const bool own_time = more_.find("time_column") != std::string::npos;
        return "[[sensor]]\nname = \"r\"\ndriver = \"replay\"\nfile = \"" + file_ + "\"\n" +
               (own_time ? "" : "time_column = \"t\"\ntime_format = \"unix\"\n") + more_ +
               "\n[sensor.columns]\n" + columns_;
    }

    base::Result<std::unique_ptr<drivers::Driver>> make(
        const std::optional<std::string>& position = std::nullopt) const {
        return configured::make(configuration(), clock, position);
    }

    /// Goes on from a position until it is finished, or for so many harvests.
    Taken take(const std::optional<std::string>& position = std::nullopt, std::size_t at_most = 2,
               std::size_t harvests = 1'000'000) const {
        const auto driver = configured::must_make(configuration(), clock, position);
        return take_from(*driver, at_most, harvests);
    }

    Taken take_from(drivers::Driver& driver, std::size_t at_most, std::size_t harvests) const {
        Taken taken;
        for (std::size_t i = 0; i < harvests && !taken.finished; ++i) {
            const auto harvest = driver.collect(clock.instant(), at_most);
            for (const auto& one : harvest.measurements) {
                taken.values.push_back({driver.quantities().at(one.quantity).name, one.value,
                                        base::to_milliseconds(one.source_time.value())});
            }
            for (const auto& failure : harvest.failures) taken.failures.push_back(failure.reason);
            if (harvest.position) taken.positions.push_back(*harvest.position);
            taken.sizes.push_back(harvest.measurements.size());
            taken.finished = harvest.finished;
        }
        return taken;
    }

    support::ManualClock clock;

  private:
    support::TemporaryFolder folder_;
    std::string file_;
    std::string more_;
    std::string columns_;
};

}  // namespace replay_test
