#include "hil/pins.hpp"

#include <fmt/format.h>

#include <sstream>
#include <stdexcept>
#include <utility>

namespace hil {

namespace {

constexpr base::Duration kReplyPatience = std::chrono::seconds{10};

}  // namespace

Pins::Pins(const std::string& socket, std::string device)
    : socket_(socket), device_(std::move(device)) {
    command("irq_intercept_out " + device_);
}

void Pins::set(unsigned line, bool level) {
    command(fmt::format("set_irq_in {} unnamed-gpio-in {} {}", device_, line, level ? 1 : 0));
}

std::optional<OutputChange> Pins::next(base::Duration patience) {
    if (changes_.empty()) {
        if (const auto line = socket_.next(patience)) take_change(*line);
    }
    if (changes_.empty()) return std::nullopt;
    const auto change = changes_.front();
    changes_.pop_front();
    return change;
}

/// Changes may come before the reply.
void Pins::command(const std::string& text) {
    socket_.send(text);
    while (const auto line = socket_.next(kReplyPatience)) {
        if (take_change(*line)) continue;
        if (line->starts_with("OK")) return;
        throw std::runtime_error(text + ": " + *line);
    }
    throw std::runtime_error(text + ": no reply");
}

bool Pins::take_change(const std::string& line) {
    std::istringstream text(line);
    std::string kind;
    std::string verb;
    OutputChange change;
    if (!(text >> kind >> verb >> change.line) || kind != "IRQ") return false;
    change.level = verb == "raise";
    changes_.push_back(change);
    return true;
}

}  // namespace hil
