#include "drivers/core/registry.hpp"

#include <algorithm>
#include <cctype>

namespace drivers {

// kinds.inc has one DRIVER(folder) line a driver, written by driver.cmake from the add_driver()
// calls.
#define DRIVER(folder)         \
    namespace folder {         \
    DriverKind kind();         \
    std::string_view sample(); \
    }
#include "drivers/core/kinds.inc"
#undef DRIVER

namespace {

DriverKind with_sample(DriverKind kind, std::string_view sample) {
    kind.sample = sample;
    return kind;
}

std::string letters_and_digits(std::string_view text) {
    std::string result;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0) result += static_cast<char>(std::tolower(byte));
    }
    return result;
}

}  // namespace

const std::vector<DriverKind>& driver_kinds() {
    static const std::vector<DriverKind> kKinds{
#define DRIVER(folder) with_sample(folder::kind(), folder::sample()),
#include "drivers/core/kinds.inc"
#undef DRIVER
    };
    return kKinds;
}

const DriverKind* find_driver_kind(std::string_view name) {
    const auto& kinds = driver_kinds();
    const auto found = std::find_if(kinds.begin(), kinds.end(),
                                    [&](const DriverKind& kind) { return kind.name == name; });
    return found == kinds.end() ? nullptr : &*found;
}

const DriverKind* find_kind_of_sensor(std::string_view sensor) {
    const auto wanted = letters_and_digits(sensor);
    for (const auto& kind : driver_kinds()) {
        for (const auto name : kind.sensors) {
            if (letters_and_digits(name) == wanted) return &kind;
        }
    }
    return nullptr;
}

}  // namespace drivers
