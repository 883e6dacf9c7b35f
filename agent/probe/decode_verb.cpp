#include "agent/probe/decode_verb.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "base/command_line.hpp"
#include "drivers/captures/decode_edges.hpp"

namespace agent {

int decode_verb(const std::string& sensor, const std::string& file) {
    std::ifstream csv(file);
    if (!csv) {
        fmt::print(stderr, "{}: cannot be read: {}\n", file, std::strerror(errno));
        return base::kExitFailed;
    }
    const auto decoded = drivers::decode_edges(sensor, csv);
    if (!decoded) {
        fmt::print(stderr, "{}: {}\n", file, decoded.error().detail);
        return decoded.error().fault == base::Fault::misconfigured ? base::kExitUsage
                                                                   : base::kExitFailed;
    }
    for (const auto& frame : decoded.value().frames) fmt::print("{}\n", frame);
    for (const auto& refused : decoded.value().refused) fmt::print(stderr, "{}\n", refused);
    return base::kExitOk;
}

}  // namespace agent
