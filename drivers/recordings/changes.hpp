#pragma once

#include <cstddef>
#include <istream>
#include <vector>

#include "base/result.hpp"
#include "drivers/dht/recording.hpp"

namespace drivers::recordings {

/// A minute of a DHT22 at its fastest makes 2 600. A gigabyte by mistake must not fill the memory.
constexpr std::size_t kChangesMax = 1'000'000;

/// Reads the level changes of one line from CSV, as these write it:
///   - leat: `time_us,level`, with or without that header; every row is a change;
///   - Saleae Logic: `Time [s],Channel 0`, and more channels;
///   - sigrok, PulseView and DSView: comments behind `;` with the sample rate, then a row of levels
///     for each sample, with or without a time before them.
/// Of several channels it takes the one that changes. Malformed, with the line or the channels,
/// when that is none or several, or when a row is none; exhausted beyond kChangesMax.
base::Result<std::vector<dht::LevelChange>> read_changes(std::istream& csv);

}  // namespace drivers::recordings
