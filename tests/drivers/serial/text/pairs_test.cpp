#include "drivers/serial/text/pairs.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/random.hpp"

using drivers::serial::decode_pairs;
using drivers::serial::DecodedLine;
using Kind = DecodedLine::Value::Kind;
using Texts = std::vector<std::string>;

namespace {

/// "key=number unit", with "+" before a number under the key of the one before it.
Texts shown(const DecodedLine& line) {
    Texts texts;
    for (const auto& value : line.values) {
        const auto number = value.kind == Kind::number    ? fmt::format("{}", value.number)
                            : value.kind == Kind::missing ? fmt::format("missing {}", value.text)
                                                          : fmt::format("text {}", value.text);
        texts.push_back(
            fmt::format("{}{}={}{}", value.again ? "+" : "", value.key, number,
                        value.kind == Kind::number && !value.unit.empty() ? " " + value.unit : ""));
    }
    return texts;
}

struct Good {
    std::string line;
    Texts values;
};

const std::vector<Good> kGood{
    {"n=7 temperature=23.4 humidity=45", {"temperature=23.4", "humidity=45"}},
    {"a:1,b:-2.5;c=+3\td=4e2", {"a=1", "b=-2.5", "c=3", "d=400"}},
    {"a = 1 | b := 2", {"a=1", "b=2"}},
    {"Humidity: 45 Temperature:  23.4", {"Humidity=45", "Temperature=23.4"}},
    {"Indoor Temperature: 21", {"Indoor Temperature=21"}},
    {"Distance: 23 cm", {"Distance=23 cm"}},
    {"Distance: 23cm.", {"Distance=23 cm."}},
    {"Temp: 23 °C Hum: 45 % RH", {"Temp=23 °C", "Hum=45 % RH"}},
    {"Temp: 23 ° C", {"Temp=23 ° C"}},
    {"Temp: 23.4 C (74.1 F)", {"Temp=23.4 C", "+Temp=74.1 F"}},
    {"Temp: 23.4 (C), H: 45 [%]", {"Temp=23.4 C", "H=45 %"}},
    {"Temp: 23.00°C 73.40°F  Heat index: 22.51°C",
     {"Temp=23 °C", "+Temp=73.4 °F", "Heat index=22.51 °C"}},
    {"9in, 23cm", {"=9 in", "+=23 cm"}},
    {"t=\xe2\x88\x92"
     "5.5",
     {"t=-5.5"}},
    {"a=nan b=inf c=ovf", {"a=missing nan", "b=missing inf", "c=missing ovf"}},
    {"a= b=2", {"a=text ", "b=2"}},
    {"status: OK temperature: 23", {"status=text OK", "temperature=23"}},
    {"mode=auto temp=21", {"mode=text auto", "temp=21"}},
    {"Node #2 | Temp: 5", {"Node=text 2", "Temp=5"}},
    {"Device 0:", {"Device=text 0"}},
    {"Sensor 1: 5 cm", {"Sensor 1=5 cm"}},
    {"Sensor: 0", {"Sensor=0"}},
    {"id: 3F temp: 5", {"id=text 3F", "temp=5"}},
    {"Node: 0x1A, temp: 5", {"Node=text 0x1A", "temp=5"}},
    {"Node: 1 soil moisture: 5 %", {"Node=1", "soil moisture=5 %"}},
    {"Sensor: 23°C", {"Sensor=23 °C"}},
    {"Room: living room Temp: 5", {"Room=text living room", "Temp=5"}},
    {"Location: attic heat index: 5 C", {"Location=text attic", "heat index=5 C"}},
    {"Sensor: Temp: 5", {"Sensor Temp=5"}},
    {"Sensor: DHT22 temperature: 23", {"Sensor=text DHT22", "temperature=23"}},
    {"Room: big attic, temperature: 23", {"Room=text big attic", "temperature=23"}},
    {"Kitchen: Temperature: 21, Humidity: 45", {"Kitchen Temperature=21", "Kitchen Humidity=45"}},
    {"Address: 28FF641F8216C3B1 T: 5", {"Address=text 28FF641F8216C3B1", "T=5"}},
    {"ROM = 28 FF 64 1F 82 16 C3 B1", {"ROM=text 28 FF 64 1F 82 16 C3 B1"}},
    {"mac: A4:CF:12:05:AB:9 t: 5", {"mac=text A4:CF:12:05:AB:9", "t=5"}},
    {"1: 23", {"1=23"}},
    {"2nd floor: 21", {"2nd floor=21"}},
    {"Label 1:10", {"Label 1=10"}},
    {"temp 1: 21 temp 2: 22", {"temp 1=21", "temp 2=22"}},
    {"Analog reading = 512 - Dim", {"Analog reading=512"}},
    {"Color Temp: 5600 K - Lux: 123", {"Color Temp=5600 K", "Lux=123"}},
    {"[ 1234 ms ] IR: 12  Lux: 54", {"IR=12", "Lux=54"}},
    {"[1] Temp: 12", {"[1] Temp=12"}},
    {"12:34:56 Temp: 12", {"Temp=12"}},
};

struct Bad {
    std::string line;
    const char* piece;  // That the reason shows.
};

const std::vector<Bad> kBad{
    {"Temperature: 23,4", "decimal = \",\""},
    {"Pressure: 1,013.25 hPa", "without a comma"},
    {"a=1 b=23,4", "23,4"},
    {"Distance: 23 furlongs, Temp: 20", "furlongs"},
    {"Distance: 23furlongs", "\"furlongs\" behind 23"},
    {"Distance: 23 furlongs Temp: 20", "is \"furlongs\" a unit or a name?"},
    {"Distance: 23 in range: 1", "\"in\""},
    {"Temp: 23 min temp: 20", "\"min\""},
    {"c=1x", "\"x\""},
    {"c=0x1F", "x1F"},
    {"a=1 C b=2 D", "\"D\""},
    {"Weight: 150 stones", "print one that leat knows"},
    {"Mode: heating up Temperature: 21", "a comma before the next label"},
    {"Weight: 1,234 g", "1,234 may be 1234 or 1.234"},
    {"Temp: +0056,1", "without a comma"},
    {"Temp: 21 22", "more than one number"},
    {"Temp: 23 °C 45", "more than one number"},
    {"Temp: 23.4.5", "\".5\""},
    {"Time: 12:34:56", ":34:56"},
    {"23.4,45.0", "columns"},
    {"23.4 45.0", "columns"},
    {"23.4", "columns"},
    {" C  23.50 F  74.30", "no reading"},
    {"T 23.4 H 45", "no reading"},
    {"Kitchen, Temperature: 21", "Kitchen"},
    {"Temp: 23, OK", "OK"},
    {"Temp: 23 C  broken  Humidity: 45", "broken"},
    {"Mode: heating up Temperature: 21", "Mode"},
    {"Data = 1 50 1 4B", "more than one number"},
    {"=5", "label"},
    {"a=1e999", "number"},
    {"Setup done", "no reading"},
    {"", "no label"},
};

}  // namespace

TEST_CASE("labels, numbers and units are read as people print them") {
    for (const auto& row : kGood) {
        CAPTURE(row.line);
        const auto line = decode_pairs(row.line, {});
        REQUIRE_MESSAGE(line, (line ? "" : line.error().detail));
        CHECK(fmt::format("{}", fmt::join(shown(line.value()), "; ")) ==
              fmt::format("{}", fmt::join(row.values, "; ")));
    }
}

TEST_CASE("a line of which a piece is not understood is refused whole, with the piece") {
    for (const auto& row : kBad) {
        CAPTURE(row.line);
        const auto line = decode_pairs(row.line, {});
        REQUIRE_FALSE(line);
        CAPTURE(line.error().detail);
        CHECK(line.error().fault == base::Fault::malformed);
        CHECK(line.error().detail.find(row.piece) != std::string::npos);
    }
}

TEST_CASE("with a decimal comma, a comma between digits is one, and a point is refused") {
    const auto line = decode_pairs("Temp: 23,4, Hum: 45,25%; n=3", {.decimal_mark = ','});
    REQUIRE(line);
    CHECK(shown(line.value()) == Texts{"Temp=23.4", "Hum=45.25 %"});
    CHECK(line.value().number == 3);
    CHECK(decode_pairs("Temp: 1e3, Hum: 5", {.decimal_mark = ','}));
    for (const auto* bad : {"Temp: 23.4", "Temp: 1.013,25", "Temp: 1,2,3"}) {
        CAPTURE(bad);
        CHECK_FALSE(decode_pairs(bad, {.decimal_mark = ','}));
    }
}

TEST_CASE("whatever is behind a number, it never counts as another number") {
    // Every unit-like tail gives the number with exactly that tail as its unit, or nothing.
    const Texts tails{"C", "F",   "%", "cm", "mm", "x",  "cx", "°", "°C",
                      "*", "hPa", "k", "e",  "-",  "..", ",5", ".5"};
    for (const auto& tail : tails) {
        for (const auto* gap : {"", " "}) {
            CAPTURE(tail);
            const auto line = decode_pairs("a: 23" + (gap + tail), {});
            if (!line) continue;
            REQUIRE(line.value().values.size() == 1);
            const auto& value = line.value().values.front();
            const bool is_whole =
                value.number == 23 && (value.unit == tail || tail == "-" || tail == "..");
            CHECK((is_whole || (tail == ".5" && value.number == 23.5 && *gap == '\0')));
        }
    }
}

TEST_CASE("the beginning of a line says no other number than the line") {
    // A cut anywhere may lose readings, and may shorten the last; those before it stay.
    const std::string text =
        "Humidity: 45.25% Temp: 23.75°C 74.75°F Distance: 12.5 cm, Light: 100 lx";
    const auto whole = shown(decode_pairs(text, {}).value());
    for (std::size_t size = 1; size < text.size(); ++size) {
        const auto part = decode_pairs(text.substr(0, size), {});
        if (!part) continue;
        const auto values = shown(part.value());
        REQUIRE(values.size() <= whole.size());
        for (std::size_t i = 0; i + 1 < values.size(); ++i) CHECK(values[i] == whole[i]);
    }
}
