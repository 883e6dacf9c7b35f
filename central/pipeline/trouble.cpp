#include "central/pipeline/trouble.hpp"

namespace central {

std::string_view to_text(Part part) {
    return part == Part::source ? "source" : "sink";
}

std::string to_text(const Trouble& trouble) {
    return std::string{to_text(trouble.part)} + ": " + trouble.error.detail;
}

}  // namespace central
