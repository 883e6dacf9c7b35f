#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/tail/data_file.hpp"

namespace drivers::tail {

/// A file beside the one that is followed, whose name begins like it.
struct Sibling {
    std::string path;
    FileFacts facts;
    bool is_current = false;     // It has the configured path itself.
    bool is_rotated = false;     // By its name: data.csv.1, data.csv-20251120, data-2.csv.
    bool is_compressed = false;  // data.csv.1.gz and its like.
};

/// The siblings that exist now, oldest first: by the time they were written, then by the number in
/// their name, from high to low. The current file is the last. At most 1024.
std::vector<Sibling> siblings_of(const std::string& path);

/// What rotation added to the name of a file, without compression: ".1", "-20251120". Empty when
/// the name is not of that kind.
std::string_view rotated_part(std::string_view name, std::string_view file);

/// The uncompressed length of a gzip file, from its trailer; nothing for other compressions.
std::optional<std::uint64_t> unpacked_length(const Sibling& compressed);

}  // namespace drivers::tail
