#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace central {

/// The two sides of the pipeline.
enum class Part { source, sink };

/// "source" or "sink".
std::string_view to_text(Part part);

/// Why the pipeline cannot go on: which side failed, and how.
struct Trouble {
    Part part = Part::source;
    base::Error error;
};

/// "sink: the disk is full", for people.
std::string to_text(const Trouble& trouble);

}  // namespace central
