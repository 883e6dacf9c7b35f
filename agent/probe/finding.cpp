#include "agent/probe/finding.hpp"

namespace agent {

std::string_view to_text(Finding::Verdict verdict) {
    switch (verdict) {
        case Finding::Verdict::ok:
            return "ok";
        case Finding::Verdict::note:
            return "note";
        case Finding::Verdict::problem:
            break;
    }
    return "problem";
}

}  // namespace agent
