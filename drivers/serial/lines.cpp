#include "drivers/serial/lines.hpp"

#include <utility>

namespace drivers::serial {

namespace {

bool is_noise(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < ' ' && c != '\t') || byte == 0x7fU;
}

}  // namespace

std::vector<Line> Lines::feed(std::string_view bytes) {
    std::vector<Line> lines;
    for (const char c : bytes) {
        if (c == '\n' || c == '\r') {
            end_line(lines);
        } else if (overlong_) {
            continue;
        } else if (is_noise(c)) {
            ++losses_.noise_bytes;
            drop_begun();
        } else if (begun_.text.size() == kLineBytesMax) {
            overlong_ = true;
        } else {
            begun_.text += c;
        }
    }
    return lines;
}

void Lines::end_line(std::vector<Line>& lines) {
    if (overlong_) {
        ++losses_.overlong_lines;
    } else if (!begun_.text.empty()) {
        lines.push_back(std::move(begun_));
    }
    begun_ = {};
    overlong_ = false;
}

/// "temperature=2" before the noise may have been 23.4, so none of it can be used.
void Lines::drop_begun() {
    losses_.noise_bytes += begun_.text.size();
    begun_ = {.text = {}, .torn = true};
}

void Lines::reset() {
    begun_ = {.text = {}, .torn = true};
    overlong_ = false;
}

Lines::Losses Lines::take_losses() {
    return std::exchange(losses_, {});
}

}  // namespace drivers::serial
