#include "central/engine/quality/assessment.hpp"

#include "central/engine/quality/quality.hpp"

namespace engine {

Assessment assess(const WindowFacts& window, const SeriesRow& series,
                  const Circumstances& circumstances) {
    const auto judgement =
        judge(window, series, circumstances.watermark, circumstances.gaps.spans());
    return {.judgement = judgement,
            .quality = quality_of(window, series, judgement, circumstances.gaps),
            .causes = causes_of(window, series, judgement, circumstances)};
}

}  // namespace engine
