#include "drivers/mqtt/formats/decoder.hpp"

namespace drivers::mqtt {

std::unique_ptr<Decoder> make_decoder(const Options& options) {
    switch (options.format) {
        case Format::zigbee2mqtt:
            return make_zigbee2mqtt_decoder(options);
        case Format::tasmota:
            return make_tasmota_decoder(options);
        case Format::esphome:
            return make_esphome_decoder(options);
        case Format::homie:
            return make_homie_decoder(options);
        case Format::plain:
            return make_plain_decoder(options);
        case Format::json:
            break;
    }
    return make_json_decoder(options);
}

}  // namespace drivers::mqtt
