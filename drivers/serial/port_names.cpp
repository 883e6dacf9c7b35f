#include "drivers/serial/port_names.hpp"

#include <algorithm>
#include <filesystem>

namespace drivers::serial {

namespace {

constexpr std::size_t kNamesMax = 16;

std::vector<std::string> names_in(const std::filesystem::path& folder, bool all) {
    std::vector<std::string> names;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        const auto name = entry->path().filename().string();
        const bool is_board = name.starts_with("ttyACM") || name.starts_with("ttyUSB");
        if (all || is_board) names.push_back(entry->path().string());
    }
    std::sort(names.begin(), names.end());
    if (names.size() > kNamesMax) names.resize(kNamesMax);
    return names;
}

}  // namespace

std::vector<std::string> port_names(const std::string& devices) {
    auto names = names_in(devices + "/serial/by-id", true);
    return names.empty() ? names_in(devices, false) : names;
}

}  // namespace drivers::serial
