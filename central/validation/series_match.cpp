#include "central/validation/series_match.hpp"

#include <fmt/format.h>

namespace validation {

SeriesMatch read_series_match(base::Settings& settings) {
    for (const char* key : {"series", "node", "sensor", "pattern"}) {
        settings.advise(key, "write match = \"attic/climate.*\", the node and the series");
    }
    SeriesMatch of{.match = settings.text("match", "*"), .quantity = settings.text("quantity", "")};
    if (of.match.find_first_of("/*") == std::string::npos) {
        settings.refuse("match",
                        fmt::format("{}: \"{}\" fits no series; write \"*/{}\", for every node, "
                                    "or \"attic/{}\"",
                                    settings.full_name("match"), of.match, of.match, of.match));
    }
    return of;
}

}  // namespace validation
