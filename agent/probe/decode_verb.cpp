#include "agent/probe/decode_verb.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "drivers/recordings/decode_edges.hpp"
#include "program/exit_code.hpp"
#include "program/print.hpp"

namespace agent {

int decode_verb(const std::string& sensor, const std::string& file) {
    std::ifstream csv(file);
    if (!csv) {
        fmt::print(stderr, "{}: cannot be read: {}\n", file, std::strerror(errno));
        return program::kExitFailed;
    }
    const auto decoded = drivers::recordings::decode_edges(sensor, csv);
    if (!decoded) {
        fmt::print(stderr, "{}: {}\n", file, decoded.error().detail);
        return decoded.error().fault == base::Fault::misconfigured ? program::kExitUsage
                                                                   : program::kExitFailed;
    }
    for (const auto& frame : decoded.value().frames) program::print("{}\n", frame);
    for (const auto& refused : decoded.value().refused) fmt::print(stderr, "{}\n", refused);
    return program::kExitOk;
}

}  // namespace agent
