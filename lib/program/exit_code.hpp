#pragma once

#include "base/result.hpp"

namespace program {

/// Exit codes of every leat program (sysexits.h for 78).
constexpr int kExitOk = 0;
constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;
constexpr int kExitMisconfigured = 78;

/// The exit code of a program that ends with this error.
constexpr int exit_code_of(base::Fault fault) {
    if (fault == base::Fault::misused) return kExitUsage;
    return fault == base::Fault::misconfigured ? kExitMisconfigured : kExitFailed;
}

}  // namespace program
