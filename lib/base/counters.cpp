#include "base/counters.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/ensure.hpp"

namespace base {

namespace {

/// A HELP text escapes the backslash and the newline; a label's value, the quote as well.
std::string escaped(std::string_view text, std::string_view with_backslash) {
    std::string result;
    for (const char c : text) {
        if (with_backslash.find(c) != std::string_view::npos) result += '\\';
        if (c == '\n') {
            result += "\\n";
        } else {
            result += c;
        }
    }
    return result;
}

std::string label_text(const std::vector<Label>& labels) {
    if (labels.empty()) return {};
    std::string text = "{";
    for (const auto& [name, value] : labels) {
        if (text.size() > 1) text += ',';
        text += fmt::format("{}=\"{}\"", name, escaped(value, "\\\""));
    }
    return text + "}";
}

std::string number_text(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
    return fmt::format("{}", value);
}

}  // namespace

Counter& Counters::counter(const std::string& name, const std::string& help,
                           std::vector<Label> labels) {
    ENSURE(name.ends_with("_total"));
    return member(name, "counter", help, std::move(labels));
}

Counter& Counters::gauge(const std::string& name, const std::string& help,
                         std::vector<Label> labels) {
    ENSURE(!name.ends_with("_total"));
    return member(name, "gauge", help, std::move(labels));
}

Counter& Counters::member(const std::string& name, const char* type, const std::string& help,
                          std::vector<Label> labels) {
    auto& family = families_[name];
    ENSURE(family.type.empty() || family.type == type);
    family.type = type;
    family.help = help;
    return family.members[std::move(labels)];
}

double Counters::value(const std::string& name, const std::vector<Label>& labels) const {
    const auto family = families_.find(name);
    if (family == families_.end()) return 0;
    const auto found = family->second.members.find(labels);
    return found == family->second.members.end() ? 0 : found->second.value();
}

double Counters::sum(const std::string& name) const {
    const auto family = families_.find(name);
    if (family == families_.end()) return 0;
    double total = 0;
    for (const auto& [labels, counter] : family->second.members) total += counter.value();
    return total;
}

std::string Counters::prometheus() const {
    std::string text;
    for (const auto& [name, family] : families_) {
        text += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", name, escaped(family.help, "\\"),
                            family.type);
        for (const auto& [labels, counter] : family.members) {
            text +=
                fmt::format("{}{} {}\n", name, label_text(labels), number_text(counter.value()));
        }
    }
    return text;
}

}  // namespace base
