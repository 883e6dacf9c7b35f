#include "drivers/gpio/script.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace virtual_gpio {

namespace {

bool parse(const std::string& text, Script& script) {
    std::istringstream line(text);
    std::string word;
    unsigned offset = 0;
    if (!(line >> word) || word.front() == '#') return true;
    if (word == "denied") return script.denied = true;
    if (word == "gone") return script.gone = true;
    if (word == "no_threads") return script.no_threads = true;
    if (word == "label") return static_cast<bool>(line >> script.label);
    if (!(line >> offset)) return false;
    if (word == "busy") return static_cast<bool>(line >> script.busy[offset]);
    if (word == "fault") return static_cast<bool>(line >> script.faults[offset]);
    if (word == "bounce") return static_cast<bool>(line >> script.bounces[offset]);
    if (word == "level") return static_cast<bool>(line >> script.levels[offset]);
    if (word == "sonar") {
        auto& sonar = script.sonar[offset];
        return static_cast<bool>(line >> sonar.echo >> sonar.width_us);
    }
    if (word != "dht") return false;
    for (auto& byte : script.dht[offset]) {
        unsigned value = 0;
        if (!(line >> value) || value > 255) return false;
        byte = static_cast<std::uint8_t>(value);
    }
    return true;
}

/// The five bytes as the sensor sends them.
std::array<std::uint8_t, 5> bytes_of(const Script& script, unsigned line) {
    const auto& data = script.dht.at(line);
    auto sum = static_cast<std::uint8_t>(data[0] + data[1] + data[2] + data[3]);
    if (script.has_fault(line, "checksum")) sum = static_cast<std::uint8_t>(sum ^ 1);
    return {data[0], data[1], data[2], data[3], sum};
}

/// A module holds its line low: ECHO against the processor's weak resistor.
bool is_driven(const Script& script, unsigned line) {
    for (const auto& [trigger, sonar] : script.sonar) {
        if (sonar.echo == line) return true;
    }
    return false;
}

}  // namespace

std::string folder() {
    const char* text = std::getenv("VIRTUAL_GPIO");
    return text == nullptr ? std::string{} : std::string{text};
}

Script read_script() {
    Script script;
    std::ifstream file(folder() + "/script");
    for (std::string line; std::getline(file, line);) {
        if (parse(line, script)) continue;
        std::fprintf(stderr, "virtual gpiochip: not understood: %s\n", line.c_str());
        std::abort();
    }
    return script;
}

bool resting_level(const Script& script, unsigned line, bool pulled_up) {
    if (script.has_fault(line, "stuck_low")) return false;
    if (script.has_fault(line, "stuck_high")) return true;
    if (script.dht.contains(line)) return true;
    const auto level = script.levels.find(line);
    return level != script.levels.end() ? level->second : pulled_up && !is_driven(script, line);
}

std::vector<Change> dht_answer(const Script& script, unsigned line) {
    if (script.has_fault(line, "absent") || script.has_fault(line, "stuck_low")) return {};
    std::vector<Change> changes;
    std::uint64_t now_us = 30;
    const auto phase = [&](bool level, std::uint64_t us) {
        changes.push_back({now_us * 1000, level});
        now_us += us;
    };
    phase(false, 80);
    phase(true, 80);
    const unsigned bits = script.has_fault(line, "short") ? 20 : 40;
    const auto bytes = bytes_of(script, line);
    for (unsigned bit = 0; bit < bits; ++bit) {
        phase(false, 50);
        phase(true, (bytes[bit / 8] >> (7 - bit % 8) & 1) != 0 ? 70 : 26);
    }
    phase(false, 50);
    phase(true, 0);
    return changes;
}

std::vector<Change> sonar_answer(const Script& script, unsigned trigger) {
    const auto& sonar = script.sonar.at(trigger);
    if (script.has_fault(sonar.echo, "absent")) return {};
    constexpr std::uint64_t kRiseNs = 450'000;
    if (script.has_fault(sonar.echo, "never_falls")) return {{kRiseNs, true}};
    return {{kRiseNs, true}, {kRiseNs + sonar.width_us * std::uint64_t{1000}, false}};
}

}  // namespace virtual_gpio
