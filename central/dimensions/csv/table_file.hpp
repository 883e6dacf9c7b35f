#pragma once

#include <string>

#include "base/result.hpp"

namespace dimensions::csv {

/// The bytes of a file that holds a table, as far as one may go and a byte more, so that
/// read_table() sees that it has more. Misconfigured, with the reason, when it cannot be read.
base::Result<std::string> read_table_file(const std::string& file);

}  // namespace dimensions::csv
