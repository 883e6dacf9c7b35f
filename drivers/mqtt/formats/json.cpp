#include <fmt/format.h>

#include <utility>

#include "drivers/mqtt/formats/naming.hpp"
#include "drivers/mqtt/formats/payload.hpp"
#include "drivers/mqtt/formats/sighting.hpp"

namespace drivers::mqtt {

namespace {

/// Any JSON document; the operator's pointers say where the values are.
class JsonDecoder final : public Decoder {
  public:
    explicit JsonDecoder(const Options& options) : options_(options), naming_(options, {}) {}

    Decoded decode(const Letter& letter) override {
        Decoded decoded;
        const auto document = read_json(letter, decoded);
        if (!document) return decoded;
        if (!read_source_time(options_, *document, letter, decoded)) return decoded;
        std::size_t found = 0;
        for (const auto& mapped : options_.keys) {
            const auto json = mapped.pointer->find(*document);
            if (!json) continue;  // Not every message has every value.
            ++found;
            add(mapped, *json, letter, decoded);
        }
        if (found == 0) decoded.troubles.push_back(trouble("nothing where it points", letter));
        return decoded;
    }

  private:
    void add(const MappedKey& mapped, const base::Json& json, const Letter& letter,
             Decoded& decoded) const {
        const auto value = read_value(json);
        if (!value) {
            decoded.troubles.push_back(trouble("not a number", letter, mapped.key));
            return;
        }
        auto quantity = named_meaning(mapped).quantity;
        quantity.name = naming_.name(letter, {}, mapped.quantity);
        decoded.values.push_back({.origin = origin_of(letter, mapped.key),
                                  .quantity = std::move(quantity),
                                  .value = value->number});
    }

    Options options_;
    Naming naming_;
};

}  // namespace

std::unique_ptr<Decoder> make_json_decoder(const Options& options) {
    return std::make_unique<JsonDecoder>(options);
}

}  // namespace drivers::mqtt
