#include "program/print.hpp"

#include <cstdio>

namespace program {

void print_text(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
}

bool has_output_arrived() {
    return std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
}

}  // namespace program
