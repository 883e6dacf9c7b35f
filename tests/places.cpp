#include "places.hpp"

namespace places {

std::string source(const std::string& path) {
    return path.empty() ? SOURCE_ROOT : SOURCE_ROOT "/" + path;
}

std::string program(const std::string& name) {
    return PROGRAMS "/" + name;
}

}  // namespace places
