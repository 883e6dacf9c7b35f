#include "drivers/registry.hpp"

#include <algorithm>

namespace drivers {

// kinds.inc has one DRIVER(kind) line a driver, written by driver.cmake from the add_driver()
// calls.
#define DRIVER(kind)          \
    DriverKind kind##_kind(); \
    std::string_view kind##_sample();
#include "drivers/kinds.inc"
#undef DRIVER

namespace {

DriverKind with_sample(DriverKind kind, std::string_view sample) {
    kind.sample = sample;
    return kind;
}

}  // namespace

const std::vector<DriverKind>& driver_kinds() {
    static const std::vector<DriverKind> kKinds{
#define DRIVER(kind) with_sample(kind##_kind(), kind##_sample()),
#include "drivers/kinds.inc"
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

}  // namespace drivers
