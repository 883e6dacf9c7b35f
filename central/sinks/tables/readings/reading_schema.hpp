#pragma once

#include <string>

#include "central/sinks/access/division.hpp"

namespace sinks {

/// The statements that make the tables reading_block and incarnation, and the views fact_reading
/// and v_readings. Where readings are kept apart in parts, they also make the function
/// drop_readings(part, first, last): it drops a part, and is false when somebody reads the table
/// for long; with chunks also make_chunk(at, width, series, incarnation), which makes one of that
/// width where it can be.
std::string reading_tables(Division division);

}  // namespace sinks
