#pragma once

#include <string>
#include <vector>

namespace program {

/// A sentence for each of these files that every user of this machine may read, with what to do.
/// Empty names and files that are not there are passed over.
std::vector<std::string> open_secrets(const std::vector<std::string>& paths);

/// The same as warnings in the log; for `run`.
void warn_of_open_secrets(const std::vector<std::string>& paths);

}  // namespace program
