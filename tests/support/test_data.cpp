#include "support/test_data.hpp"

#include <cstdlib>
#include <filesystem>

namespace support {

std::string test_data_folder() {
    const char* named = std::getenv("LEAT_TEST_DATA");
    const std::string folder = named != nullptr ? named : SOURCE_ROOT "/../shared/data";
    return std::filesystem::is_directory(folder) ? folder : std::string{};
}

}  // namespace support
