#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "drivers/serial/meaning.hpp"

namespace drivers::serial {

struct FieldMapping {
    std::string key;
    Meaning meaning;
};

struct FieldOptions {
    std::vector<FieldMapping> mappings;  // From [sensor.keys]; series from the start.
    std::vector<std::string> ignored;    // Keys that are not readings.
    bool accept_any = false;             // Every key with a number is a series.
};

/// Knows which series each key of a board's lines belongs to. A key that is not configured becomes
/// a series when it comes for the first time; there are at most kSeriesMax in all.
class Fields {
  public:
    static constexpr std::size_t kSeriesMax = 48;

    struct Place {
        std::size_t quantity = 0;  // Index into quantities().
        Scale scale;
    };

    explicit Fields(const FieldOptions& options);

    const std::vector<Quantity>& quantities() const { return quantities_; }

    /// Nothing for an ignored key; an error that says what to do for an unknown one.
    base::Result<std::optional<Place>> find(std::string_view key);

  private:
    base::Result<std::optional<Place>> add_unknown(const std::string& key);
    Place add(const std::string& key, Meaning meaning);

    bool accept_any_;
    std::vector<Quantity> quantities_;
    std::map<std::string, std::optional<Place>, std::less<>> places_;  // Nothing: ignored.
};

}  // namespace drivers::serial
