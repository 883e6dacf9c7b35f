// leat_node: an Arduino Uno or Nano with a DHT11, an HC-SR04 and an HC-SR501, for leat's `serial`
// driver. Needs no library and no changes: select Uno or Nano, and upload.
//
//   sensor       sensor pin     Uno / Nano
//   DHT11        VCC (1)        5V
//                DATA (2)       D4, and 10 kOhm from D4 to 5V (a module has that resistor)
//                GND (4)        GND
//   HC-SR04      VCC            5V
//                TRIG           D8
//                ECHO           D9 (5 V is right here; only a Raspberry Pi needs a divider)
//                GND            GND
//   HC-SR501     VCC            5V
//                OUT            D2
//                GND            GND; jumper on H, right potentiometer to the left (3 s)
//
// A sensor may be absent: it then yields `fault` lines, and the others go on. Every line is a JSON
// object with its number, so that a lost line is noticed:
//
//   {"n":0,"boot":"leat_node 1"}
//   {"n":1,"temperature":23.4,"humidity":45.0}
//   {"n":2,"distance_m":1.203,"in_range":1}
//   {"n":3,"in_range":0}                           nothing within 4 m: a state, not a fault
//   {"n":4,"motion":1}                             at each change, and every 10 s
//   {"n":5,"fault":"dht: checksum"}

#ifndef MOTION_WARM_UP_MS
// For the first minute after power-up an HC-SR501 reports motion where there is none. 0: a contact.
#define MOTION_WARM_UP_MS 60000UL
#endif

static const uint8_t kMotionPin = 2;
static const uint8_t kClimatePin = 4;
static const uint8_t kTriggerPin = 8;
static const uint8_t kEchoPin = 9;

static const unsigned long kClimateEveryMs = 2000;  // A DHT11 needs one second; two are gentler.
static const unsigned long kPingEveryMs = 250;      // At least 60, so that the last echo has died.
static const unsigned long kRetryPingMs = 2000;     // While the sensor does not answer.
static const unsigned long kMotionEveryMs = 10000;  // How often the level is repeated.
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

static void report_fault(const __FlashStringHelper* sensor, const __FlashStringHelper* reason) {
    begin_line();
    Serial.print(F(",\"fault\":\""));
    Serial.print(sensor);
    Serial.print(F(": "));
    Serial.print(reason);
    Serial.print('"');
    end_line();
}

// ---- DHT11 ---------------------------------------------------------------------------------------

// The time from one falling edge to the next is a bit: 76 us mean 0, 120 us mean 1. Using only
// falling edges, and a threshold in the middle, tolerates what the interrupts of the clock and the
// serial port add (about 10 us), so they need not be switched off.
static const unsigned long kBitThresholdUs = 98;
static const unsigned long kBitMostUs = 200;

static float last_celsius = 20;  // For the speed of sound, until the DHT11 answers.

/// Reads a pin faster than digitalRead(), which takes too long for pulses of 26 us.
struct FastPin {
    volatile uint8_t* input;
    uint8_t mask;

    explicit FastPin(uint8_t pin)
        : input(portInputRegister(digitalPinToPort(pin))), mask(digitalPinToBitMask(pin)) {}

    bool is_high() const { return (*input & mask) != 0; }

    /// Waits for a level; false if it does not come in time.
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

/// Triggers the sensor and reads its five bytes. Returns the reason if that fails, else nullptr.
static const __FlashStringHelper* read_frame(uint8_t bytes[5]) {
    const FastPin line(kClimatePin);
    if (!line.is_high()) return F("stuck low");
    digitalWrite(kClimatePin, LOW);
    pinMode(kClimatePin, OUTPUT);
    delay(20);  // The sensor needs at least 18 ms.
    pinMode(kClimatePin, INPUT_PULLUP);
    line.wait_for(true, 20);
    // It answers within 40 us: 80 us low, 80 us high, then a falling edge begins the first bit.
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

/// Humidity, its tenths, temperature, its tenths with the sign in the top bit, and their sum.
static const __FlashStringHelper* check_frame(const uint8_t bytes[5]) {
    const uint8_t sum = bytes[0] + bytes[1] + bytes[2] + bytes[3];
    if (sum != bytes[4]) return F("checksum");
    // A checksum of eight bits lets one wrong frame in 256 pass.
    const uint8_t tenths = bytes[3] & 0x7f;
    const bool plausible =
        bytes[0] >= 4 && bytes[0] <= 100 && bytes[1] <= 9 && bytes[2] <= 60 && tenths <= 9;
    return plausible ? nullptr : F("implausible");
}

static void send_climate(const uint8_t bytes[5]) {
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
    Serial.flush();  // Fewer interrupts while the bits arrive.
    const __FlashStringHelper* trouble = read_frame(bytes);
    if (trouble == nullptr) trouble = check_frame(bytes);
    if (trouble != nullptr) return report_fault(F("dht"), trouble);
    send_climate(bytes);
}

// ---- HC-SR04 -------------------------------------------------------------------------------------

static const unsigned long kEchoBeginsUs = 5000;
static const unsigned long kEchoEndsUs = 60000;
static const float kLeastM = 0.02;
static const float kMostM = 4.0;

/// Measures how long the echo is high. Returns the reason if that fails, else nullptr.
static const __FlashStringHelper* measure_echo(unsigned long* width_us) {
    const FastPin echo(kEchoPin);
    if (echo.is_high()) return F("stuck high");  // Or the pin is open, and pulled up.
    digitalWrite(kTriggerPin, HIGH);
    delayMicroseconds(10);
    digitalWrite(kTriggerPin, LOW);
    if (!echo.wait_for(true, kEchoBeginsUs)) return F("no echo");
    const unsigned long start = micros();
    if (!echo.wait_for(false, kEchoEndsUs)) return F("stuck echo");
    *width_us = micros() - start;
    return nullptr;
}

/// The width is the time there and back, at the speed of sound for the air's temperature.
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
        report_fault(F("sonar"), trouble);
        return false;
    }
    const bool in_range = metres <= kMostM;
    begin_line();
    if (in_range) {
        Serial.print(F(",\"distance_m\":"));
        Serial.print(metres, 3);
    }
    Serial.print(F(",\"in_range\":"));
    Serial.print(in_range ? 1 : 0);
    end_line();
    return true;
}

// ---- HC-SR501 ------------------------------------------------------------------------------------

/// A motion sensor. Without one the pull-up keeps the line high, so it counts only once it was low.
struct Motion {
    bool level = false;      // Debounced.
    bool was_low = false;    // Since the start.
    bool is_sent = false;    // The level has been sent.
    unsigned long since = 0;  // When the raw level began to differ from `level`.
    unsigned long sent = 0;

    void observe(unsigned long now) {
        const bool raw = digitalRead(kMotionPin) == HIGH;
        if (!raw) was_low = true;
        if (raw == level) since = now;
        const bool changed = now - since >= kDebounceMs;
        if (changed) level = raw;
        if (now < MOTION_WARM_UP_MS) return;
        if (changed || !is_sent || now - sent >= kMotionEveryMs) send(now);
    }

    void send(unsigned long now) {
        is_sent = true;
        sent = now;
        if (!was_low) return report_fault(F("motion"), F("high since the start: no sensor?"));
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
    motion.observe(now);
    if (now - climate_read >= kClimateEveryMs) {
        climate_read = now;
        read_climate();
    } else if (now - pinged >= ping_every) {
        pinged = now;
        ping_every = read_distance() ? kPingEveryMs : kRetryPingMs;
    }
}
