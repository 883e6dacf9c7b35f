#include "drivers/serial/text/lines.hpp"

#include <utility>

namespace drivers::serial {

namespace {

constexpr char kEscape = '\x1b';
constexpr char kColour = 'm';

bool is_noise(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < ' ' && c != '\t') || byte == 0x7fU;
}

}  // namespace

std::vector<Line> Lines::feed(std::string_view bytes) {
    std::vector<Line> lines;
    for (const char c : bytes) {
        if (!add_to_escape(c, lines)) add(c, lines);
    }
    return lines;
}

void Lines::add(char c, std::vector<Line>& lines) {
    if (c == '\n' || c == '\r') {
        end_line(lines);
    } else if (overlong_) {
        return;
    } else if (is_noise(c)) {
        ++losses_.noise_bytes;
        drop_begun();
    } else if (begun_.text.size() == kLineBytesMax) {
        overlong_ = true;
    } else {
        begun_.text += c;
    }
}

/// "ESC [ parameters letter" (ECMA-48). Anything else after an ESC shows that it was noise.
bool Lines::add_to_escape(char c, std::vector<Line>& lines) {
    constexpr std::size_t kEscapeMax = 16;
    const bool is_parameter = (c >= '0' && c <= '9') || c == ';' || c == '?';
    const bool is_letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (escape_.empty()) {
        if (c != kEscape) return false;
        escape_ = c;
        return true;
    }
    if (escape_.size() == 1 ? c == '[' : is_parameter && escape_.size() < kEscapeMax) {
        escape_ += c;
        return true;
    }
    const bool is_whole = escape_.size() > 1 && is_letter;
    const auto begun = std::exchange(escape_, {});
    if (is_whole) {
        if (c != kColour) end_line(lines);
        return true;
    }
    for (const char part : begun) add(part, lines);
    if (!add_to_escape(c, lines)) add(c, lines);
    return true;
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
    escape_.clear();
    overlong_ = false;
}

Lines::Losses Lines::take_losses() {
    return std::exchange(losses_, {});
}

}  // namespace drivers::serial
