#include "drivers/gpio/place.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>

#include "base/text.hpp"
#include "drivers/gpio/consumer.hpp"

namespace drivers::gpio {

namespace {

constexpr std::size_t kNamesShown = 8;

base::Error misconfigured(std::string detail) {
    return {base::Fault::misconfigured, std::move(detail)};
}

/// A device may appear, or a line become free, without a change of the settings.
base::Error transient(std::string detail) {
    return {base::Fault::transient, std::move(detail)};
}

std::string joined(std::vector<std::string> words) {
    words.resize(std::min(words.size(), kNamesShown));
    return fmt::format("{}", fmt::join(words, ", "));
}

bool has_label(const LineAddress& address, const SurveyedChip& chip) {
    return std::find(address.labels.begin(), address.labels.end(), chip.label) !=
           address.labels.end();
}

bool is_meant(const LineAddress& address, const SurveyedChip& chip, const SurveyedLine& line) {
    if (!address.name.empty()) return line.name == address.name;
    return has_label(address, chip) && line.offset == address.offset;
}

std::vector<std::string> line_names(const Survey& survey) {
    std::vector<std::string> names;
    for (const auto& chip : survey.chips) {
        for (const auto& line : chip.lines) {
            if (!line.name.empty()) names.push_back(line.name);
        }
    }
    return names;
}

std::string_view number_of(std::string_view name) {
    const auto last = name.find_last_not_of("0123456789");
    return last == std::string_view::npos ? name : name.substr(last + 1);
}

/// "4" and "BCM4" mean GPIO4, even if SDA1 differs by fewer letters.
std::vector<std::string> likeliest_first(const std::string& wanted,
                                         std::vector<std::string> names) {
    names = nearest_first(wanted, std::move(names));
    const auto number = number_of(wanted);
    if (number.empty()) return names;
    std::stable_partition(names.begin(), names.end(),
                          [&](const std::string& name) { return number_of(name) == number; });
    return names;
}

base::Error no_such_name(const LineAddress& address, const Survey& survey) {
    const auto names = line_names(survey);
    if (names.empty()) {
        return misconfigured(
            fmt::format("no line is called {}: this kernel names none; write "
                        "header_pin, or chip label and number (\"{}:4\")",
                        address.written, survey.chips.front().label));
    }
    return misconfigured(fmt::format(
        "no line is called {}; the nearest are {}; or say header_pin, or chip label and number",
        address.written, joined(likeliest_first(address.name, names))));
}

base::Error no_such_chip(const LineAddress& address, const Survey& survey) {
    std::vector<std::string> labels;
    for (const auto& chip : survey.chips) {
        labels.push_back(chip.label);
        if (std::filesystem::path(chip.path).filename() == address.labels.front()) {
            return misconfigured(
                fmt::format("{} names a chip by its number, which differs between "
                            "kernels: write \"{}:{}\"",
                            address.written, chip.label, address.offset));
        }
        if (has_label(address, chip)) {
            return misconfigured(fmt::format("{} is on no chip: {} has {} lines, counted from 0",
                                             address.written, chip.label, chip.lines.size()));
        }
    }
    return misconfigured(fmt::format("{} is on no chip; wanted {}, found {}", address.written,
                                     joined(address.labels),
                                     joined(nearest_first(address.labels.front(), labels))));
}

base::Error not_found(const LineAddress& address, const Survey& survey,
                      const std::string& devices) {
    if (!survey.closed.empty()) {
        const auto& closed = survey.closed.front();
        return misconfigured(
            fmt::format("no permission for {}: {}", closed.path, permission_cure(closed)));
    }
    if (survey.chips.empty()) {
        return transient(fmt::format("no GPIO chip in {}: is this a board with GPIO?", devices));
    }
    return address.name.empty() ? no_such_chip(address, survey) : no_such_name(address, survey);
}

/// What the beginning of a consumer's name means on a Raspberry Pi, and how to get the line back.
struct Owner {
    std::string_view begins;
    std::string_view cure;
};

#define FROM_CONFIG_TXT " from /boot/firmware/config.txt and reboot"
constexpr std::array kOwners{
    Owner{"dht11", "remove dtoverlay=dht11" FROM_CONFIG_TXT ", or set backend = \"iio\""},
    Owner{"w1", "remove dtoverlay=w1-gpio" FROM_CONFIG_TXT ", or give 1-Wire another gpiopin"},
    Owner{"onewire", "remove dtoverlay=w1-gpio" FROM_CONFIG_TXT ", or give 1-Wire another gpiopin"},
    Owner{"spi", "remove dtparam=spi=on" FROM_CONFIG_TXT ", or take another line"},
    Owner{"sda", "remove dtoverlay=i2c-gpio" FROM_CONFIG_TXT ", or take another line"},
    Owner{"scl", "remove dtoverlay=i2c-gpio" FROM_CONFIG_TXT ", or take another line"},
    Owner{"ir-receiver", "remove dtoverlay=gpio-ir" FROM_CONFIG_TXT ", or take another line"},
    Owner{"gpio-fan", "remove dtoverlay=gpio-fan" FROM_CONFIG_TXT ", or take another line"},
    Owner{"shutdown", "remove dtoverlay=gpio-shutdown" FROM_CONFIG_TXT ", or take another line"},
    Owner{"button", "remove dtoverlay=gpio-key" FROM_CONFIG_TXT ", or take another line"},
    Owner{"led", "a light of the board hangs there: take another line"},
    Owner{"act", "a light of the board hangs there: take another line"},
    Owner{"sysfs", "it was exported through /sys/class/gpio: write its number into unexport"},
};
#undef FROM_CONFIG_TXT

std::string cure_of(const std::string& consumer) {
    if (is_of_agent(consumer)) {
        return "two [[sensor]] tables name this line, or another leat-agent is running";
    }
    const auto name = base::lower(consumer);
    for (const auto& owner : kOwners) {
        if (name.starts_with(owner.begins)) return std::string{owner.cure};
    }
    return "end that program (gpioinfo shows who has which line), or remove its overlay from "
           "/boot/firmware/config.txt";
}

}  // namespace

base::Result<Place> find_place(const LineAddress& address, const Survey& survey,
                               const std::string& devices) {
    std::vector<Place> places;
    std::vector<std::string> ways;
    for (const auto& chip : survey.chips) {
        for (const auto& line : chip.lines) {
            if (!is_meant(address, chip, line)) continue;
            places.push_back({.chip = chip.path, .offset = line.offset});
            ways.push_back(fmt::format("\"{}:{}\"", chip.label, line.offset));
        }
    }
    if (places.empty()) return not_found(address, survey, devices);
    if (places.size() == 1) return places.front();
    return misconfigured(
        fmt::format("{} is on several chips: write {}", address.written, fmt::join(ways, " or ")));
}

std::string consumer_of_line(const LineAddress& address, const Survey& survey) {
    for (const auto& chip : survey.chips) {
        for (const auto& line : chip.lines) {
            if (line.used && is_meant(address, chip, line)) return line.consumer;
        }
    }
    return {};
}

base::Error line_in_use(const LineAddress& address, const std::string& consumer) {
    return transient(
        fmt::format("{} is in use by \"{}\": {}", address.written, consumer, cure_of(consumer)));
}

std::string permission_cure(const ClosedDevice& device) {
    if (device.group.empty()) {
        return fmt::format(
            "no group may open it: chgrp gpio {0} && chmod g+rw {0}, and a udev rule "
            "(SUBSYSTEM==\"gpio\", GROUP=\"gpio\", MODE=\"0660\") for the next boot",
            device.path);
    }
    return fmt::format("it belongs to the group {0}: usermod -aG {0} USER, and start again",
                       device.group);
}

}  // namespace drivers::gpio
