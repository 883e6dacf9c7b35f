#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "drivers/core/configured_driver.hpp"
#include "support/manual_clock.hpp"
#include "support/temporary_folder.hpp"

/// A file that grows, what is done to it, and the configuration that follows it.
namespace tail_test {

namespace fs = std::filesystem;

/// What several harvests gave together.
struct Taken {
    std::vector<double> values;
    std::vector<std::string> failures;
    std::optional<std::string> position;  // The last one.
};

class Tailed {
  public:
    explicit Tailed(std::string more = "format = \"logfmt\"\nstart = \"beginning\"\n",
                    std::string columns = "n = \"n\"\n")
        : more_(std::move(more)), columns_(std::move(columns)) {}

    std::string path(const std::string& suffix = {}) const {
        return folder.file("data.csv" + suffix);
    }

    void append(const std::string& text, const std::string& suffix = {}) const {
        std::ofstream(path(suffix), std::ios::binary | std::ios::app) << text;
    }
    void truncate() const { fs::resize_file(path(), 0); }
    void rotate(const std::string& suffix = ".1") const { fs::rename(path(), path(suffix)); }
    void copy_and_truncate(const std::string& suffix = ".1") const {
        fs::copy_file(path(), path(suffix), fs::copy_options::overwrite_existing);
        truncate();
    }

    std::string configuration() const {
        return "[[sensor]]\nname = \"s\"\ndriver = \"tail\"\nfile = \"" + path() + "\"\n" + more_ +
               "\n[sensor.columns]\n" + columns_;
    }

    std::unique_ptr<drivers::Driver> make(
        const std::optional<std::string>& position = std::nullopt) const {
        return configured::must_make(configuration(), clock, position);
    }

    /// What comes while the clock goes on for so many seconds.
    Taken take(drivers::Driver& driver, int seconds = 12, std::size_t at_most = 100) {
        Taken taken;
        for (int i = 0; i < 2 * seconds; ++i) {
            clock.advance(std::chrono::milliseconds{500});
            const auto harvest = driver.collect(clock.instant(), at_most);
            CHECK(harvest.measurements.size() <= at_most);
            CHECK_FALSE(harvest.finished);
            for (const auto& one : harvest.measurements) taken.values.push_back(one.value);
            for (const auto& one : harvest.failures) taken.failures.push_back(one.reason);
            if (harvest.position) taken.position = harvest.position;
        }
        return taken;
    }

    Taken take_anew(const std::optional<std::string>& position = std::nullopt) {
        const auto driver = make(position);
        return take(*driver);
    }

    support::TemporaryFolder folder;
    support::ManualClock clock;

  private:
    std::string more_;
    std::string columns_;
};

/// Lines of logfmt: "n=1\nn=2\n" for 1 to 2.
inline std::string lines(int from, int to) {
    std::string text;
    for (int i = from; i <= to; ++i) text += "n=" + std::to_string(i) + "\n";
    return text;
}

inline std::vector<double> numbers(int from, int to) {
    std::vector<double> result;
    for (int i = from; i <= to; ++i) result.push_back(i);
    return result;
}

}  // namespace tail_test
