#include "central/jobs/sql/row_source.hpp"
#include "central/views/readings/reading_text.hpp"
#include "wire/record.hpp"

namespace jobs {

namespace {

constexpr std::size_t kReadingsAtOnce = 5'000;

class ReadingSource final : public RowSource {
  public:
    ReadingSource(sinks::Query& query, TimeForm form) : query_(query), form_(form) {}

    Scope scope(const engine::SeriesRow& series) const override {
        return {{"series", id_of(series)}};
    }

    void begin(const engine::SeriesRow& series, base::EventTime from, base::EventTime to) override {
        series_ = &series;
        range_ = {.node = series.node,
                  .series = series.declared.series,
                  .from = from,
                  .to = to,
                  .after = std::nullopt,
                  .readings_max = kReadingsAtOnce};
        last_at_.reset();
        has_more_ = from < to;
    }

    base::Result<std::optional<std::vector<OutRow>>> next() override {
        if (!has_more_) return std::optional<std::vector<OutRow>>{};
        const auto page = query_.readings(range_);
        if (!page) return page.error();
        has_more_ = page.value().size() == kReadingsAtOnce;
        if (has_more_) range_.after = page.value().back().place;
        std::optional<std::vector<OutRow>> out{std::in_place};
        for (const auto& reading : page.value()) out->push_back(row_of(reading));
        return out;
    }

  private:
    OutRow row_of(const sinks::StoredReading& reading) {
        const auto at = reading.place.at;
        nth_ = last_at_ == at ? nth_ + 1 : 0;
        last_at_ = at;
        OutRow row{.at = at, .nth = nth_, .extremes = {{reading.value, reading.value}}};
        row.values = {id_of(*series_),
                      value_of(form_, at).value_or(odbc::Value{}),
                      nth_,
                      series_->declared.quantity,
                      series_->declared.unit,
                      reading.value,
                      std::string{views::quality_of(reading)},
                      std::string{wire::to_text(reading.origin.clock)}};
        append_mark(row.values);
        return row;
    }

    sinks::Query& query_;
    TimeForm form_;
    const engine::SeriesRow* series_ = nullptr;
    sinks::ReadingRange range_{};
    bool has_more_ = false;
    std::optional<base::EventTime> last_at_{};
    std::int64_t nth_ = 0;
};

}  // namespace

std::unique_ptr<RowSource> make_reading_source(sinks::Query& query, TimeForm form) {
    return std::make_unique<ReadingSource>(query, form);
}

}  // namespace jobs
