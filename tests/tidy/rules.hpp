#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "tidy/source.hpp"

/// The house rules that a program can check. Each function looks at one file and gives what is
/// wrong with it.
namespace tidy {

/// A rule that is broken, and where.
struct Finding {
    std::string path;
    std::size_t line = 0;  // From 1.
    std::string rule;
};

/// "path:line: rule".
std::string to_text(const Finding& finding);

/// The headers that their folder's CMakeLists.txt names: what other folders may include.
using PublicHeaders = std::set<std::string>;

std::vector<Finding> check_arrows(const Source& source, const PublicHeaders& headers);
std::vector<Finding> check_libraries(const Source& source);
std::vector<Finding> check_lengths(const Source& source);
std::vector<Finding> check_functions(const Source& source);
std::vector<Finding> check_bans(const Source& source);
std::vector<Finding> check_header(const Source& source);

/// For any text file, not only source code: a path that exists on one machine only.
std::vector<Finding> check_machine_paths(const std::string& path, const std::string& text);

/// All of the above, for code that ships.
std::vector<Finding> check(const Source& source, const PublicHeaders& headers);

}  // namespace tidy
