#pragma once

#include <string>
#include <string_view>

namespace agent {

/// A verdict on one thing, for a person who wires a node.
struct Finding {
    enum class Verdict { ok, note, problem };

    Verdict verdict = Verdict::ok;
    std::string subject;  // "climate (dht on GPIO4)"
    std::string seen;     // What there is, or what is wrong.
    std::string cure;     // What to do; empty when `seen` says it, or there is nothing to do.

    bool operator==(const Finding&) const = default;
};

std::string_view to_text(Finding::Verdict verdict);

}  // namespace agent
