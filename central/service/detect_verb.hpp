#pragma once

#include "program/command_line.hpp"

namespace central {

/// The verb `detect`: judges the readings of a CSV file as the detector does.
program::CommandVerb detect_verb();

}  // namespace central
