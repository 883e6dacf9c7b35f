#include "central/imports/untold.hpp"

#include <fmt/format.h>

#include "base/json.hpp"

namespace imports {

namespace {

constexpr const char* kKey = "untold";

}  // namespace

base::Result<Untold> untold_in(const Carrier& carrier) {
    const auto text = carrier.position(kKey).value_or("");
    if (text.empty()) return Untold{};
    const auto json = base::parse_json(text);
    const auto* readings = json ? json.value().find("readings") : nullptr;
    const auto* failed = json ? json.value().find("failed") : nullptr;
    if (readings == nullptr || failed == nullptr || !readings->is_count() || !failed->is_count()) {
        return base::Error{base::Fault::misconfigured,
                           "the outbox does not say what of it was told: see what the log says of "
                           "it, and put an undamaged copy into its place"};
    }
    return Untold{.readings = readings->count(), .failed = failed->count()};
}

void note_untold(const Untold& before, const Tally& tally, delivery::Flush& flush) {
    base::JsonWriter json;
    json.begin_object().member("readings", before.readings + tally.readings);
    json.member("failed", before.failed + tally.failed).end_object();
    flush.positions[kKey] = json.take();
}

base::Status forget_untold(Carrier& carrier) {
    if (carrier.position(kKey).value_or("").empty()) return base::Done{};
    delivery::Flush flush;
    flush.positions[kKey] = "";
    return carrier.commit(std::move(flush));
}

std::string sentence_of(const Untold& untold) {
    if (untold.is_empty()) return {};
    const auto failed =
        untold.failed > 0 ? fmt::format(", beside {} that failed,", untold.failed) : std::string{};
    return fmt::format("; {} of these{} by earlier runs that did not end well", untold.readings,
                       failed);
}

}  // namespace imports
