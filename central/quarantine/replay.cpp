#include "central/quarantine/replay.hpp"

#include "central/engine/engine.hpp"

namespace quarantine {

namespace {

constexpr std::size_t kLinesMax = 500;
constexpr std::size_t kRowsMax = 20'000;

/// A memory whose quarantine has only the lines that are meant.
class Selected final : public engine::Memory {
  public:
    Selected(engine::Memory& all, const sinks::QuarantineSelection& which)
        : all_(all), which_(which) {}

    base::Result<std::optional<engine::NodeRow>> node(const std::string& node) override {
        return all_.node(node);
    }
    base::Result<std::vector<engine::SeriesRow>> series(const std::string& node) override {
        return all_.series(node);
    }
    base::Result<std::optional<engine::WindowRow>> window(const engine::WindowKey& key) override {
        return all_.window(key);
    }
    base::Result<std::optional<base::EventTime>> kept_from(base::Duration span) override {
        return all_.kept_from(span);
    }
    base::Result<std::vector<engine::Stretch>> stretches(const std::string& node,
                                                         const std::string& series,
                                                         base::EventTime from,
                                                         base::EventTime to) override {
        return all_.stretches(node, series, from, to);
    }
    base::Result<std::vector<engine::OpenWindow>> open_windows(const std::string& node,
                                                               base::Duration span,
                                                               base::EventTime from,
                                                               std::size_t starts_max) override {
        return all_.open_windows(node, span, from, starts_max);
    }
    base::Result<std::optional<detect::Saved>> watch(const std::string& node,
                                                     const std::string& series) override {
        return all_.watch(node, series);
    }
    base::Result<std::optional<engine::BootRow>> boot(const std::string& node,
                                                      const std::string& boot) override {
        return all_.boot(node, boot);
    }
    base::Result<std::vector<engine::UnplacedLine>> placeable(std::size_t lines_max) override {
        return all_.placeable(lines_max);
    }

    /// As many as are asked for, unless there are no more.
    base::Result<std::vector<engine::RefusedLine>> refused(std::int64_t after,
                                                           std::size_t lines_max) override {
        std::vector<engine::RefusedLine> meant;
        for (;;) {
            auto lines = all_.refused(after, lines_max);
            if (!lines) return lines;
            if (lines.value().empty()) return meant;
            for (auto& line : lines.value()) {
                after = line.id;
                if (!which_.includes(line)) continue;
                meant.push_back(std::move(line));
                if (meant.size() == lines_max) return meant;
            }
        }
    }

  private:
    engine::Memory& all_;
    const sinks::QuarantineSelection& which_;
};

}  // namespace

base::Result<Replayed> replay(sinks::Sink& sink, const engine::EngineOptions& options,
                              const sinks::QuarantineSelection& which) {
    Selected memory(sink.memory(), which);
    engine::Engine engine(options, memory);
    Replayed replayed;
    while (engine.may_retake()) {
        const auto taken = engine.retake(kLinesMax, kRowsMax);
        if (!taken) return taken.error();
        if (taken.value().empty()) continue;
        sinks::Commit step;
        step.changes = engine.take_changes();
        if (const auto committed = sink.commit(step); !committed) return committed.error();
        replayed.taken += taken.value().size();
        for (const auto& one : taken.value()) replayed.readings += one.outcome.readings;
    }
    return replayed;
}

}  // namespace quarantine
