#include "support/test_data.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "places.hpp"

namespace support {

std::string test_data_folder() {
    const char* named = std::getenv("LEAT_TEST_DATA");
    const std::string folder = named != nullptr ? named : places::source("../shared/data");
    return std::filesystem::is_directory(folder) ? folder : std::string{};
}

std::vector<std::vector<double>> read_office(const std::string& path) {
    std::ifstream file{path};
    std::string line;
    std::getline(file, line);
    std::vector<std::vector<double>> rows;
    while (std::getline(file, line)) {
        std::istringstream fields{line};
        std::string field;
        for (int i = 0; i < 2; ++i) std::getline(fields, field, ',');
        rows.emplace_back();
        while (std::getline(fields, field, ',')) rows.back().push_back(std::stod(field));
    }
    return rows;
}

}  // namespace support
