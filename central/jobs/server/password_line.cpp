#include "central/jobs/server/password_line.hpp"

namespace jobs {

std::string password_line(const std::string& password) {
    std::string line = "*:*:*:*:";
    for (const char c : password) {
        if (c == ':' || c == '\\') line += '\\';
        line += c;
    }
    return line + '\n';
}

}  // namespace jobs
