#pragma once

#include <vector>

#include "tidy/rules.hpp"

namespace tidy {

/// Two types of one name in one namespace of one program are one to the linker: it keeps the
/// functions of either, without a word, and the other's objects are taken for what they are not.
/// Looks over all files at once; what stands in an unnamed namespace is a file's own.
std::vector<Finding> check_names(const std::vector<Source>& sources);

}  // namespace tidy
