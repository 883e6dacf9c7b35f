#include "dev/story/plot.hpp"

#include <map>

namespace story {

namespace {

using namespace std::chrono_literals;
using Kind = Twist::Kind;

/// The outage does not fit into an outbox of 1 MiB: its beginning is evicted. Nobody is at the door
/// then, as nobody could say how long it stood open. It has stood open for an hour now, and it gets
/// warm inside. The configuration has the freezer as warm as it is now.
Life cellar() {
    return {.twists = {{"freezer.temperature", Kind::shifts, kLength, 52min, -10, -10},
                       {"freezer.temperature", Kind::shifts, 52min, 7min, -10, 0},
                       {"door.open", Kind::stays, 23h, 20h, 0, 0},
                       {"door.open", Kind::stays, 55min, 0min, 0, 1}},
            .outage = Outage{.began = 21h, .ended = 7h}};
}

/// A cold draught in the night, and a reboot without network two days ago.
Life greenhouse() {
    return {.twists = {{"climate.temperature", Kind::shifts, 9h, 537min, 0, -9},
                       {"climate.temperature", Kind::shifts, 537min, 423min, -9, -9},
                       {"climate.temperature", Kind::shifts, 423min, 7h, -9, 0}},
            .power_cut = PowerCut{.began = 44h, .ended = 43h + 50min, .clock_set = 39h}};
}

/// All that it measured without network came later. A wire was loose, and is mended.
Life attic() {
    return {.twists = {{"climate.temperature", Kind::fails, 17h, 910min, 0, 0, "no answer"}},
            .outage = Outage{.began = 31h, .ended = 22h}};
}

/// The heating did not stop.
Life living_room() {
    return {.twists = {{"climate.temperature", Kind::shifts, 15h, 895min, 0, 7},
                       {"climate.temperature", Kind::shifts, 895min, 800min, 7, 7},
                       {"climate.temperature", Kind::shifts, 800min, 13h, 7, 0}}};
}

/// Its sensor has been dead since yesterday, and is.
Life garage() {
    return {.twists = {{"parking.distance", Kind::fails, 26h, 0h, 0, 0, "no echo"}}};
}

}  // namespace

Life life_of(const std::string& node) {
    static const std::map<std::string, Life (*)()> lives{{"attic", attic},
                                                         {"cellar", cellar},
                                                         {"garage", garage},
                                                         {"greenhouse", greenhouse},
                                                         {"living-room", living_room}};
    const auto found = lives.find(node);
    return found == lives.end() ? Life{} : found->second();
}

}  // namespace story
