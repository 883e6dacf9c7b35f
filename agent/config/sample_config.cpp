#include "agent/config/sample_config.hpp"

#include <fmt/format.h>

#include "drivers/core/registry.hpp"

namespace agent {

namespace {

std::string commented_out(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto line = text.substr(0, end);
        result += line.empty() ? "#\n" : fmt::format("# {}\n", line);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return result;
}

}  // namespace

std::string sample_config() {
    std::string result{kSampleBeginning};
    for (const bool is_on : {true, false}) {
        for (const auto& kind : drivers::driver_kinds()) {
            if (is_on != (kind.name == "host")) continue;
            result += fmt::format("\n# {}: {}\n", kind.name, kind.sentence);
            result += is_on ? std::string{kind.sample} : commented_out(kind.sample);
        }
    }
    return result;
}

}  // namespace agent
