#pragma once

#include <simavr/avr_ioport.h>
#include <simavr/sim_avr.h>

#include <cstdint>
#include <vector>

#include "firmware/scene.hpp"

namespace firmware {

/// A pin of the simulated ATmega328P, driven from outside. The driven level wins over the internal
/// pull-up, as with real outputs.
class InputPin {
  public:
    InputPin(avr_t* avr, char port, int bit);

    void drive(bool high);
    /// Nothing is wired to it: the pull-up decides.
    void open();

  private:
    void hold(bool held, bool high);

    avr_t* avr_;
    char port_;
    int bit_;
};

/// Plays levels on a pin, exact to the cycle.
class Player {
  public:
    struct Step {
        std::uint32_t after_us;
        bool high;
    };

    Player(avr_t* avr, avr_irq_t* pin) : avr_(avr), pin_(pin) {}

    void play(std::vector<Step> steps);

  private:
    static avr_cycle_count_t next(avr_t* avr, avr_cycle_count_t when, void* self);

    avr_t* avr_;
    avr_irq_t* pin_;
    std::vector<Step> steps_;
    std::size_t at_ = 0;
};

/// A DHT11 on D4: answers a start of at least 18 ms with its frame.
class SimulatedClimate {
  public:
    SimulatedClimate(avr_t* avr, const Scene& scene);

  private:
    static void direction_changed(avr_irq_t* irq, std::uint32_t directions, void* self);
    void answer();

    avr_t* avr_;
    const Scene& scene_;
    Player player_;
    bool driven_ = false;
    avr_cycle_count_t driven_since_ = 0;
};

/// An HC-SR04 on D8 and D9: answers a trigger of at least 10 us with an echo.
class SimulatedSonar {
  public:
    SimulatedSonar(avr_t* avr, const Scene& scene);

    void apply();

  private:
    static void trigger_changed(avr_irq_t* irq, std::uint32_t level, void* self);

    avr_t* avr_;
    const Scene& scene_;
    InputPin echo_;
    Player player_;
    bool triggered_ = false;
    avr_cycle_count_t triggered_since_ = 0;
};

/// An HC-SR501 on D2.
class SimulatedMotion {
  public:
    SimulatedMotion(avr_t* avr, const Scene& scene) : scene_(scene), pin_(avr, 'D', 2) {}

    void apply();

  private:
    const Scene& scene_;
    InputPin pin_;
};

}  // namespace firmware
