#include "firmware/scene.hpp"

#include <sstream>
#include <stdexcept>

namespace firmware {

namespace {

unsigned number_in(const std::string& word) {
    return static_cast<unsigned>(std::stoul(word));
}

void read_climate(std::istringstream& words, const std::string& first, Scene& scene) {
    if (first == "absent") return;
    auto& bytes = scene.climate.emplace();
    bytes[0] = static_cast<std::uint8_t>(number_in(first));
    for (std::size_t i = 1; i < bytes.size(); ++i) {
        std::string word;
        words >> word;
        bytes.at(i) = static_cast<std::uint8_t>(number_in(word));
    }
}

}  // namespace

Scene parse_scene(const std::string& text) {
    Scene scene;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string what;
        std::string first;
        words >> what >> first;
        if (what == "climate") {
            read_climate(words, first, scene);
        } else if (what == "echo") {
            scene.echo_open = first == "open";
            if (first != "open" && first != "silent") scene.echo_us = number_in(first);
        } else if (what == "motion") {
            if (first != "open") scene.motion = first == "1";
        } else {
            throw std::runtime_error("the scene has a line that means nothing: " + line);
        }
    }
    return scene;
}

}  // namespace firmware
