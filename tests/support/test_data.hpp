#pragma once

#include <string>

namespace support {

/// The folder with data for tests: LEAT_TEST_DATA, or `shared/data` beside the checkout. Empty when
/// there is none.
std::string test_data_folder();

}  // namespace support
