#include "firmware/sensors.hpp"

#include <simavr/sim_time.h>

#include <map>
#include <utility>

namespace firmware {

namespace {

constexpr int kClimateBit = 4;  // PD4
constexpr int kTriggerBit = 0;  // PB0
constexpr int kEchoBit = 1;     // PB1
constexpr std::uint32_t kStartLeastUs = 18000;
constexpr std::uint32_t kTriggerLeastUs = 10;

avr_irq_t* pin_irq(avr_t* avr, char port, int bit) {
    return avr_io_getirq(avr, AVR_IOCTL_IOPORT_GETIRQ(static_cast<unsigned>(port)), bit);
}

}  // namespace

// ---- pins --------------------------------------------------------------------------------------

InputPin::InputPin(avr_t* avr, char port, int bit) : avr_(avr), port_(port), bit_(bit) {}

void InputPin::drive(bool high) {
    hold(true, high);
    avr_raise_irq(pin_irq(avr_, port_, bit_), high ? 1 : 0);
}

void InputPin::open() {
    hold(false, false);
    avr_raise_irq(pin_irq(avr_, port_, bit_), 1);
}

/// Without this the simulator's pull-up would win at the firmware's next write to the port.
void InputPin::hold(bool held, bool high) {
    static std::map<char, std::pair<unsigned, unsigned>>
        held_pins;  // The mask and value of a port.
    auto& [mask, value] = held_pins[port_];
    const auto bit = 1U << static_cast<unsigned>(bit_);
    mask = held ? mask | bit : mask & ~bit;
    value = held && high ? value | bit : value & ~bit;
    avr_ioport_external_t external{};
    external.name = static_cast<unsigned>(port_) & 0x7fU;
    external.mask = mask & 0xffU;
    external.value = value & 0xffU;
    avr_ioctl(avr_, AVR_IOCTL_IOPORT_SET_EXTERNAL(static_cast<unsigned>(port_)), &external);
}

void Player::play(std::vector<Step> steps) {
    avr_cycle_timer_cancel(avr_, next, this);
    steps_ = std::move(steps);
    at_ = 0;
    if (!steps_.empty()) avr_cycle_timer_register_usec(avr_, steps_[0].after_us, next, this);
}

avr_cycle_count_t Player::next(avr_t* avr, avr_cycle_count_t when, void* self) {
    auto& player = *static_cast<Player*>(self);
    avr_raise_irq(player.pin_, player.steps_[player.at_++].high ? 1 : 0);
    if (player.at_ == player.steps_.size()) return 0;
    return when + avr_usec_to_cycles(avr, player.steps_[player.at_].after_us);
}

// ---- DHT11 -------------------------------------------------------------------------------------

SimulatedClimate::SimulatedClimate(avr_t* avr, const Scene& scene)
    : avr_(avr), scene_(scene), player_(avr, pin_irq(avr, 'D', kClimateBit)) {
    avr_irq_register_notify(pin_irq(avr, 'D', IOPORT_IRQ_DIRECTION_ALL), direction_changed, this);
}

void SimulatedClimate::direction_changed(avr_irq_t*, std::uint32_t directions, void* self) {
    auto& sensor = *static_cast<SimulatedClimate*>(self);
    const bool driven = (directions >> kClimateBit & 1U) != 0;
    if (driven == sensor.driven_) return;
    sensor.driven_ = driven;
    if (driven) {
        sensor.driven_since_ = sensor.avr_->cycle;
        return;
    }
    const auto held = sensor.avr_->cycle - sensor.driven_since_;
    if (held >= avr_usec_to_cycles(sensor.avr_, kStartLeastUs)) sensor.answer();
}

/// By the data sheet: 80 us low and high, each bit 50 us low and 26 or 70 us high, 50 us low.
void SimulatedClimate::answer() {
    if (!scene_.climate) return;
    std::vector<Player::Step> steps{{30, false}, {80, true}, {80, false}};
    for (const auto byte : *scene_.climate) {
        for (int bit = 7; bit >= 0; --bit) {
            const bool is_one = (byte >> bit & 1) != 0;
            steps.push_back({50, true});
            steps.push_back({is_one ? 70U : 26U, false});
        }
    }
    steps.push_back({50, true});
    player_.play(std::move(steps));
}

// ---- HC-SR04 -----------------------------------------------------------------------------------

SimulatedSonar::SimulatedSonar(avr_t* avr, const Scene& scene)
    : avr_(avr),
      scene_(scene),
      echo_(avr, 'B', kEchoBit),
      player_(avr, pin_irq(avr, 'B', kEchoBit)) {
    avr_irq_register_notify(pin_irq(avr, 'B', kTriggerBit), trigger_changed, this);
}

void SimulatedSonar::apply() {
    if (scene_.echo_open) {
        echo_.open();
    } else {
        echo_.drive(false);
    }
}

void SimulatedSonar::trigger_changed(avr_irq_t*, std::uint32_t level, void* self) {
    auto& sensor = *static_cast<SimulatedSonar*>(self);
    const bool triggered = level != 0;
    if (triggered == sensor.triggered_) return;
    sensor.triggered_ = triggered;
    if (triggered) {
        sensor.triggered_since_ = sensor.avr_->cycle;
        return;
    }
    const auto held = sensor.avr_->cycle - sensor.triggered_since_;
    if (held < avr_usec_to_cycles(sensor.avr_, kTriggerLeastUs)) return;
    if (sensor.scene_.echo_us) sensor.player_.play({{450, true}, {*sensor.scene_.echo_us, false}});
}

// ---- HC-SR501 ----------------------------------------------------------------------------------

void SimulatedMotion::apply() {
    if (scene_.motion) {
        pin_.drive(*scene_.motion);
    } else {
        pin_.open();
    }
}

}  // namespace firmware
