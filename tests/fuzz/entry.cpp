// Where libFuzzer comes in; FUZZ_TARGET is one of the functions of targets.hpp.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz/targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const void* bytes = data;
    FUZZ_TARGET(std::string_view{static_cast<const char*>(bytes), size});
    return 0;
}
