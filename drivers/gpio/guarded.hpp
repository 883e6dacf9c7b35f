#pragma once

#include <fmt/format.h>

#include <string>
#include <system_error>

#include "base/result.hpp"

namespace drivers::gpio {

/// Turns the exceptions of libgpiod and of std::thread into errors. They are transient: what comes
/// back works with the same settings.
template <class Function>
auto guarded(const std::string& doing, Function function) -> decltype(function()) {
    try {
        return function();
    } catch (const std::system_error& error) {
        return base::Error{base::Fault::transient,
                           fmt::format("{}: {}", doing, error.code().message())};
    } catch (const std::exception& error) {
        return base::Error{base::Fault::transient, fmt::format("{}: {}", doing, error.what())};
    }
}

}  // namespace drivers::gpio
