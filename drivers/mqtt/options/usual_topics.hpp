#pragma once

#include <string>
#include <vector>

#include "drivers/mqtt/options/options.hpp"

namespace drivers::mqtt {

/// Where devices of a format send their values by default. None for plain and json.
std::vector<std::string> usual_topics(Format format);

/// Where devices whose values match the filter publish whether they are there.
std::vector<std::string> usual_availability(Format format, const TopicFilter& values);

/// Where Homie devices describe the values that match the filter.
std::vector<std::string> homie_attributes(const TopicFilter& values);

/// What is wrong with a filter for values of that format; empty when it is right.
std::string wrong_with(Format format, const TopicFilter& values);

}  // namespace drivers::mqtt
