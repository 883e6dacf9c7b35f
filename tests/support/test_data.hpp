#pragma once

#include <string>
#include <vector>

namespace support {

/// The folder with data for tests: LEAT_TEST_DATA, or `shared/data` beside the checkout. Empty when
/// there is none.
std::string test_data_folder();

/// The rows of a file of the occupancy data: their columns after number and time, one row a minute.
std::vector<std::vector<double>> read_office(const std::string& path);

}  // namespace support
