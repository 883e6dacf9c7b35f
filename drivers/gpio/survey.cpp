#include "drivers/gpio/survey.hpp"

#include <grp.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <gpiod.hpp>

#include "drivers/gpio/guarded.hpp"

namespace drivers::gpio {

namespace {

namespace fs = std::filesystem;

constexpr gid_t kRoot = 0;

std::vector<fs::path> chips_in(const std::string& devices) {
    std::vector<fs::path> paths;
    std::error_code error;
    for (fs::directory_iterator it(devices, error), end; !error && it != end; it.increment(error)) {
        // A link ("/dev/gpiochip4" on a Raspberry Pi 5) would list a chip twice.
        if (it->is_symlink() || !it->path().filename().string().starts_with("gpiochip")) continue;
        if (gpiod::is_gpiochip_device(it->path())) paths.push_back(it->path());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

SurveyedChip survey_chip(const gpiod::chip& chip) {
    const auto info = chip.get_info();
    SurveyedChip result{.path = chip.path().string(), .label = info.label(), .lines = {}};
    for (unsigned offset = 0; offset < info.num_lines(); ++offset) {
        const auto line = chip.get_line_info(offset);
        result.lines.push_back({.offset = offset,
                                .name = line.name(),
                                .used = line.used(),
                                .consumer = line.consumer(),
                                .output = line.direction() == gpiod::line::direction::OUTPUT});
    }
    return result;
}

}  // namespace

base::Result<Survey> survey_chips(const std::string& devices) {
    return guarded("GPIO", [&]() -> base::Result<Survey> {
        Survey survey;
        for (const auto& path : chips_in(devices)) {
            try {
                survey.chips.push_back(survey_chip(gpiod::chip(path)));
            } catch (const std::system_error& error) {
                if (error.code() != std::errc::permission_denied) throw;
                survey.closed.push_back(
                    {.path = path.string(), .group = group_of_device(path.string())});
            }
        }
        return survey;
    });
}

std::string group_of_device(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || status.st_gid == kRoot) return {};
    if ((status.st_mode & S_IRGRP) == 0 || (status.st_mode & S_IWGRP) == 0) return {};
    std::array<char, 4096> names{};
    group entry{};
    group* found = nullptr;
    if (getgrgid_r(status.st_gid, &entry, names.data(), names.size(), &found) != 0) return {};
    return found == nullptr ? std::to_string(status.st_gid) : found->gr_name;
}

}  // namespace drivers::gpio
