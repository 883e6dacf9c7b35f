#include <algorithm>
#include <utility>

#include "drivers/mqtt/formats/document_decoder.hpp"

namespace drivers::mqtt {

namespace {

bool holds_others(const base::Json& json) {
    return !json.object.empty() || !json.array.empty() || !json.numbers.empty();
}

/// Any JSON document; the operator's pointers say where the values are.
class JsonDecoder final : public DocumentDecoder {
  public:
    explicit JsonDecoder(const Options& options) : DocumentDecoder(options, {}) {}

  protected:
    bool is_expected(DocumentReading& /*reading*/) const override { return true; }

    std::string key_of(const Leaf& leaf) const override { return pointed(leaf.path); }

    Verdict accept(const Leaf& leaf, DocumentReading& reading) const override {
        const auto* mapped = find_key(leaf.path);
        if (mapped == nullptr) return has_other_use(leaf) ? Verdict::left_out : Verdict::unknown;
        const auto device = device_of(leaf, reading);
        if (!device) return Verdict::taken;
        auto meaning = named_meaning(*mapped);
        auto& name = meaning.quantity.name;
        name = naming().name(reading.letter, device->parts, name);
        const auto fit = fit_of(leaf, meaning, reading);
        reading.add(sighting(reading.letter, mapped->key, *device, meaning, fit));
        return Verdict::taken;
    }

    /// A pointer may point at something that is no leaf, and one at least must point at something.
    void finish(DocumentReading& reading) const override {
        auto& troubles = reading.decoded.troubles;
        for (const auto& mapped : options().keys) {
            const auto json = mapped.pointer->find(reading.document);
            if (!json || !holds_others(*json)) continue;
            troubles.push_back(trouble("not a number", reading.letter, mapped.key));
        }
        if (!troubles.empty() || !reading.decoded.values.empty()) return;
        troubles.push_back(trouble("nothing where it points", reading.letter));
    }

  private:
    const MappedKey* find_key(const JsonPath& path) const {
        const auto& keys = options().keys;
        const auto found = std::find_if(keys.begin(), keys.end(), [&](const MappedKey& mapped) {
            return mapped.pointer->steps() == path;
        });
        return found == keys.end() ? nullptr : &*found;
    }

    /// Whether it is ignored, the message's time, or part of a name.
    bool has_other_use(const Leaf& leaf) const {
        const auto& time = options().source_time;
        return is_ignored(leaf) || (time && time->pointer.steps() == leaf.path) ||
               (!leaf.path.empty() && options().parts_by(leaf.path.back(), pointed(leaf.path)));
    }
};

}  // namespace

std::unique_ptr<Decoder> make_json_decoder(const Options& options) {
    return std::make_unique<JsonDecoder>(options);
}

}  // namespace drivers::mqtt
