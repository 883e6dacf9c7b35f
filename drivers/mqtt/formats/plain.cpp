#include <utility>

#include "drivers/mqtt/formats/naming.hpp"
#include "drivers/mqtt/formats/payload.hpp"
#include "drivers/mqtt/formats/sighting.hpp"

namespace drivers::mqtt {

namespace {

/// The payload is one number, or ON or OFF, and nothing else.
class PlainDecoder final : public Decoder {
  public:
    explicit PlainDecoder(const Options& options) : options_(options), naming_(options, {}) {}

    Decoded decode(const Letter& letter) override {
        Decoded decoded;
        for (const auto& mapped : options_.keys) {
            auto meaning = named_meaning(mapped);
            meaning.quantity.name = naming_.name(letter, {}, mapped.quantity);
            const auto said = read_said(letter.payload, options_.decimal_comma);
            decoded.values.push_back(sighting(letter, {}, {}, meaning, fitting(meaning, said)));
        }
        return decoded;
    }

  private:
    Options options_;
    Naming naming_;
};

}  // namespace

std::unique_ptr<Decoder> make_plain_decoder(const Options& options) {
    return std::make_unique<PlainDecoder>(options);
}

}  // namespace drivers::mqtt
