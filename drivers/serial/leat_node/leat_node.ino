// leat_node: an Arduino Uno or Nano with a DHT11, an HC-SR04 and an HC-SR501, read by leat's
// `serial` driver. Needs no library. Board: Uno or Nano; upload as it is.
//
//   sensor       its pin        Uno / Nano
//   DHT11        VCC (1)        5V
//                DATA (2)       D4, and 10 kOhm from D4 to 5V (modules have it on board)
//                GND (4)        GND
//   HC-SR04      VCC            5V
//                TRIG           D8
//                ECHO           D9 (5 V is right here; a Raspberry Pi would need a divider)
//                GND            GND
//   HC-SR501     VCC            5V
//                OUT            D2
//                GND            GND; its jumper on H, its right potentiometer to the left (3 s)
//
// A sensor may be absent: what it would have said is then a `fault` line, and the others go on.
// Every line is one JSON object with its number, so that a line that gets lost is seen:
//
//   {"n":0,"boot":"leat_node 1"}
//   {"n":1,"temperature":23.4,"humidity":45.0}
//   {"n":2,"distance":1.203,"in_range":1}
//   {"n":3,"in_range":0}                           nothing within 4 m: a state, no fault
//   {"n":4,"motion":1}                             at each change, and every 10 s
//   {"n":5,"fault":"dht: checksum"}

#ifndef MOTION_WARM_UP_MS
// In its first minute with power an HC-SR501 tells motion that is none. 0 for a contact.
#define MOTION_WARM_UP_MS 60000UL
#endif

static const uint8_t kMotionPin = 2;
static const uint8_t kClimatePin = 4;
static const uint8_t kTriggerPin = 8;
static const uint8_t kEchoPin = 9;

static const unsigned long kClimateEveryMs = 2000;  // A DHT11 needs a second; two are kinder.
static const unsigned long kPingEveryMs = 250;      // An echo of the last one must have died: 60.
static const unsigned long kRetryPingMs = 2000;     // While there is no answer.
static const unsigned long kMotionEveryMs = 10000;  // The level is said again.
static const unsigned long kDebounceMs = 20;

// ---- lines ---------------------------------------------------------------------------------------

static unsigned long line_number = 0;

static void begin_line() {
    Serial.print(F("{\"n\":"));
    Serial.print(line_number++);
}

static void end_line() {
    Serial.println('}');
}

static void say_fault(const __FlashStringHelper* sensor, const __FlashStringHelper* reason) {
    begin_line();
    Serial.print(F(",\"fault\":\""));
    Serial.print(sensor);
    Serial.print(F(": "));
    Serial.print(reason);
    Serial.print('"');
    end_line();
}

// ---- DHT11 ---------------------------------------------------------------------------------------

// The time from one falling edge to the next is a bit: 76 us are a 0, 120 us a 1. Falling edges
// only, and a threshold in the middle, forgive what the interrupts of the clock and of the serial
// port add (some 10 us), so that they need not be switched off.
static const unsigned long kBitThresholdUs = 98;
static const unsigned long kBitMostUs = 200;

static float last_celsius = 20;  // What the speed of sound is taken for until the DHT11 answers.

/// digitalRead() takes too long for pulses of 26 us.
struct FastPin {
    volatile uint8_t* input;
    uint8_t mask;

    explicit FastPin(uint8_t pin)
        : input(portInputRegister(digitalPinToPort(pin))), mask(digitalPinToBitMask(pin)) {}

    bool is_high() const { return (*input & mask) != 0; }

    /// Waits for the level; false when it does not come in time.
    bool wait_for(bool high, unsigned long most_us) const {
        const unsigned long start = micros();
        while (is_high() != high) {
            if (micros() - start > most_us) return false;
        }
        return true;
    }

    /// Waits for the next falling edge.
    bool wait_for_fall(unsigned long most_us) const {
        return wait_for(true, most_us) && wait_for(false, most_us);
    }
};

/// Asks the sensor and reads its five bytes; says why not, or nothing when all is well.
static const __FlashStringHelper* read_frame(uint8_t bytes[5]) {
    const FastPin line(kClimatePin);
    if (!line.is_high()) return F("stuck low");
    digitalWrite(kClimatePin, LOW);
    pinMode(kClimatePin, OUTPUT);
    delay(20);  // The sensor wants at least 18 ms.
    pinMode(kClimatePin, INPUT_PULLUP);
    line.wait_for(true, 20);
    // It answers within 40 us: 80 us low, 80 us high, and then the first bit begins with a fall.
    if (!line.wait_for(false, kBitMostUs)) return F("no response");
    if (!line.wait_for_fall(kBitMostUs)) return F("no response");
    unsigned long fell = micros();
    for (uint8_t bit = 0; bit < 40; ++bit) {
        if (!line.wait_for_fall(kBitMostUs)) return F("short frame");
        const unsigned long now = micros();
        bytes[bit / 8] = (bytes[bit / 8] << 1) | (now - fell > kBitThresholdUs ? 1 : 0);
        fell = now;
    }
    return nullptr;
}

/// Humidity, its tenths, temperature, its tenths with the sign on top, and their sum.
static const __FlashStringHelper* check_frame(const uint8_t bytes[5]) {
    const uint8_t sum = bytes[0] + bytes[1] + bytes[2] + bytes[3];
    if (sum != bytes[4]) return F("checksum");
    // Eight bits of checksum let one in 256 wrong frames pass.
    const uint8_t tenths = bytes[3] & 0x7f;
    const bool plausible =
        bytes[0] >= 4 && bytes[0] <= 100 && bytes[1] <= 9 && bytes[2] <= 60 && tenths <= 9;
    return plausible ? nullptr : F("implausible");
}

static void say_climate(const uint8_t bytes[5]) {
    const float celsius = bytes[2] + (bytes[3] & 0x7f) / 10.0;
    last_celsius = (bytes[3] & 0x80) != 0 ? -celsius : celsius;
    begin_line();
    Serial.print(F(",\"temperature\":"));
    Serial.print(last_celsius, 1);
    Serial.print(F(",\"humidity\":"));
    Serial.print(bytes[0] + bytes[1] / 10.0, 1);
    end_line();
}

static void read_climate() {
    uint8_t bytes[5] = {0, 0, 0, 0, 0};
    Serial.flush();  // Fewer interrupts while the bits come in.
    const __FlashStringHelper* trouble = read_frame(bytes);
    if (trouble == nullptr) trouble = check_frame(bytes);
    if (trouble != nullptr) return say_fault(F("dht"), trouble);
    say_climate(bytes);
}

// ---- HC-SR04 -------------------------------------------------------------------------------------

static const unsigned long kEchoBeginsUs = 5000;
static const unsigned long kEchoEndsUs = 60000;
static const float kLeastM = 0.02;
static const float kMostM = 4.0;

/// Measures how long the echo is high; says why not, or nothing.
static const __FlashStringHelper* measure_echo(unsigned long* width_us) {
    const FastPin echo(kEchoPin);
    if (echo.is_high()) return F("stuck high");  // Also an open pin, by its pull-up.
    digitalWrite(kTriggerPin, HIGH);
    delayMicroseconds(10);
    digitalWrite(kTriggerPin, LOW);
    if (!echo.wait_for(true, kEchoBeginsUs)) return F("no echo");
    const unsigned long start = micros();
    if (!echo.wait_for(false, kEchoEndsUs)) return F("stuck echo");
    *width_us = micros() - start;
    return nullptr;
}

/// There and back at the speed of sound in air of this temperature.
static float metres_of(unsigned long width_us) {
    const float metres_per_second = 331.3 + 0.606 * last_celsius;
    return width_us * metres_per_second / 2000000.0;
}

/// False when the sensor does not answer.
static bool read_distance() {
    unsigned long width_us = 0;
    const __FlashStringHelper* trouble = measure_echo(&width_us);
    const float metres = metres_of(width_us);
    if (trouble == nullptr && metres < kLeastM) trouble = F("too close");
    if (trouble != nullptr) {
        say_fault(F("sonar"), trouble);
        return false;
    }
    const bool in_range = metres <= kMostM;
    begin_line();
    if (in_range) {
        Serial.print(F(",\"distance\":"));
        Serial.print(metres, 3);
    }
    Serial.print(F(",\"in_range\":"));
    Serial.print(in_range ? 1 : 0);
    end_line();
    return true;
}

// ---- HC-SR501 ------------------------------------------------------------------------------------

/// A motion sensor whose line is high by the pull-up when there is none: until it was low once, it
/// is not believed.
struct Motion {
    bool level = false;      // Debounced.
    bool was_low = false;    // Since the start.
    bool is_told = false;    // The level has been said.
    unsigned long since = 0;  // When the raw level began to differ from `level`.
    unsigned long told = 0;

    void look(unsigned long now) {
        const bool raw = digitalRead(kMotionPin) == HIGH;
        if (!raw) was_low = true;
        if (raw == level) since = now;
        const bool changed = now - since >= kDebounceMs;
        if (changed) level = raw;
        if (now < MOTION_WARM_UP_MS) return;
        if (changed || !is_told || now - told >= kMotionEveryMs) tell(now);
    }

    void tell(unsigned long now) {
        is_told = true;
        told = now;
        if (!was_low) return say_fault(F("motion"), F("high since the start: no sensor?"));
        begin_line();
        Serial.print(F(",\"motion\":"));
        Serial.print(level ? 1 : 0);
        end_line();
    }
};

// ---- the program ---------------------------------------------------------------------------------

static Motion motion;
static unsigned long climate_read = 0;
static unsigned long pinged = 0;
static unsigned long ping_every = kPingEveryMs;

void setup() {
    Serial.begin(115200);
    pinMode(kMotionPin, INPUT_PULLUP);
    pinMode(kClimatePin, INPUT_PULLUP);
    pinMode(kTriggerPin, OUTPUT);
    pinMode(kEchoPin, INPUT_PULLUP);
    begin_line();
    Serial.print(F(",\"boot\":\"leat_node 1\""));
    end_line();
}

void loop() {
    const unsigned long now = millis();
    motion.look(now);
    if (now - climate_read >= kClimateEveryMs) {
        climate_read = now;
        read_climate();
    } else if (now - pinged >= ping_every) {
        pinged = now;
        ping_every = read_distance() ? kPingEveryMs : kRetryPingMs;
    }
}
