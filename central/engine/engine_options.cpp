#include "central/engine/engine_options.hpp"

namespace engine {

base::Status check(const EngineOptions& options) {
    const auto wrong = [](const char* what) {
        return base::Error{base::Fault::misconfigured, what};
    };
    if (options.spans.empty()) return wrong("there must be at least one window length");
    for (std::size_t i = 0; i < options.spans.size(); ++i) {
        if (options.spans[i] <= base::Duration::zero()) return wrong("a window has no length");
        if (i == 0) continue;
        if (options.spans[i] <= options.spans[i - 1] ||
            options.spans[i] % options.spans[i - 1] != base::Duration::zero()) {
            return wrong("each window length must divide the next");
        }
    }
    if (options.watermark_bound < base::Duration::zero()) return wrong("the bound is negative");
    if (options.rows_max == 0 || options.nodes_max == 0) return wrong("a limit is 0");
    return base::Done{};
}

}  // namespace engine
