#include "central/alerts/core/alert.hpp"

#include <algorithm>
#include <array>

namespace alerts {

namespace {

constexpr std::array<std::string_view, 3> kStateTexts{"open", "unknown", "closed"};

}  // namespace

std::string_view to_text(State state) {
    return kStateTexts.at(static_cast<std::size_t>(state));
}

std::optional<State> state_of(std::string_view text) {
    const auto* const found = std::find(kStateTexts.begin(), kStateTexts.end(), text);
    if (found == kStateTexts.end()) return std::nullopt;
    return static_cast<State>(found - kStateTexts.begin());
}

void write_alert(base::JsonWriter& json, const Alert& alert) {
    json.begin_object().member("id", alert.id).member("code", alert.code);
    json.member("state", to_text(alert.state));
    json.member("severity", detect::to_text(alert.severity));
    if (!alert.node.empty()) json.member("node", alert.node);
    if (!alert.series.empty()) json.member("series", alert.node + "/" + alert.series);
    json.member("opened", base::to_milliseconds(alert.opened));
    json.member("updated", base::to_milliseconds(alert.updated)).key("closed");
    if (alert.closed) {
        json.value(base::to_milliseconds(*alert.closed));
    } else {
        json.null();
    }
    json.member("times", std::uint64_t{alert.times}).member("revision", alert.revision);
    json.member("sentence", alert.sentence);
    if (!alert.advice.empty()) json.member("advice", alert.advice);
    json.member("silenced", alert.is_silenced).end_object();
}

}  // namespace alerts
