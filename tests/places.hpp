#pragma once

#include <string>

/// Where this build is. Only one source knows it, so that clones of the repository can share what
/// the compiler made of all others.
namespace places {

/// "docs/wire.md": where that is; without a path, the root.
std::string source(const std::string& path = {});

/// "leat-agent": the program that was built beside the tests.
std::string program(const std::string& name);

}  // namespace places
