#pragma once

namespace drivers {

/// What a failure or a value reveals about its sensor. Programs choose the remedy by it; the text
/// beside it is for people.
enum class Sign {
    other,  // Nothing that has a remedy.

    // A reading failed:
    no_answer,
    stuck_low,   // The line is low where it must be high.
    stuck_high,  // The line is high where it must be low.
    endless,     // An answer begins and does not end.
    incomplete,  // Parts of an answer are missing.
    damaged,     // All parts are there, but some make no sense.
    checksum,
    ambiguous,    // An answer can be understood in two ways.
    implausible,  // No such sensor can mean that.
    too_close,
    inconsistent,  // Answers of one burst disagree.
    events_lost,   // The kernel's buffer overflowed.
    warming_up,

    // A reading succeeded, but its values may mislead:
    no_value,  // A quantity has no value.
    zero,      // A quantity is 0.
};

}  // namespace drivers
