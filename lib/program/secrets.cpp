#include "program/secrets.hpp"

#include <fmt/core.h>
#include <sys/stat.h>

#include "base/log.hpp"

namespace program {

std::vector<std::string> open_secrets(const std::vector<std::string>& paths) {
    std::vector<std::string> sentences;
    for (const auto& path : paths) {
        struct stat file {};
        if (path.empty() || stat(path.c_str(), &file) != 0) continue;
        if (!S_ISREG(file.st_mode) || (file.st_mode & S_IROTH) == 0) continue;
        sentences.push_back(fmt::format(
            "every user of this machine may read {0}, which holds a secret: chmod o= {0}", path));
    }
    return sentences;
}

void warn_of_open_secrets(const std::vector<std::string>& paths) {
    for (const auto& sentence : open_secrets(paths)) {
        base::log_warn("a secret is open", {{"why", sentence}});
    }
}

}  // namespace program
