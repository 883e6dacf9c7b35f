#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/tail/data_file.hpp"

namespace drivers::tail {

/// A file in the folder of the one that is followed, whose name begins like it.
struct Sibling {
    std::string path;
    FileFacts facts;
    bool is_current = false;     // It has the configured path itself.
    bool is_rotated = false;     // Its name says so: data.csv.1, data.csv-20251120, data-2.csv.
    bool is_compressed = false;  // data.csv.1.gz and its like.
};

/// Those that exist now, the oldest first: by when they were written, then by the number in the
/// name, from high to low. The current one is the last. At most 1024.
std::vector<Sibling> siblings_of(const std::string& path);

/// What follows the file's own name in the name of one that was rotated away, compression taken
/// off: ".1", "-20251120". Empty when the name is not of that kind.
std::string_view rotated_part(std::string_view name, std::string_view file);

/// How long a compressed one is without its compression, where its trailer says so: gzip.
std::optional<std::uint64_t> length_told(const Sibling& compressed);

}  // namespace drivers::tail
