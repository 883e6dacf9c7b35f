#include "central/imports/tables/memory.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "central/imports/tables/note_text.hpp"

namespace imports::tables {

namespace {

using namespace std::chrono_literals;

constexpr const char* kSizes = "tables";
constexpr std::size_t kDaysMax = 64;  // In memory.

std::int64_t number_of(base::EventTime time, base::Duration length) {
    return std::chrono::floor<base::Duration>(time).time_since_epoch() / length;
}

std::string through_key(const std::string& table) {
    return "through/" + table;
}

std::string day_key(const std::pair<std::string, std::int64_t>& key) {
    return fmt::format("day/{}/{}", key.first, key.second);
}

std::string chunk_key(const std::pair<std::string, std::int64_t>& key, std::size_t chunk) {
    return fmt::format("hour/{}/{}/{}", key.first, key.second, chunk);
}

base::Error malformed() {
    return {base::Fault::misconfigured,
            "the outbox has something else where the rows should stand that were taken, or it "
            "cannot be read: see what the log says of it, and put an undamaged copy into its "
            "place"};
}

}  // namespace

base::Result<Memory> Memory::load(Load load) {
    Memory memory{std::move(load)};
    const auto noted = memory.load_(kSizes);
    if (!noted) return memory;
    NoteReader reader{*noted};
    const auto rows = reader.number();
    const auto days = reader.number();
    if (!rows || !days) return malformed();
    memory.is_empty_ = false;
    memory.row_bytes_ = *rows;
    memory.day_bytes_ = *days;
    return memory;
}

base::Result<std::optional<Memory::Through>> Memory::through(const std::string& table) const {
    const auto noted = load_(through_key(table));
    if (!noted) return std::optional<Through>{};
    NoteReader reader{*noted};
    const auto end = reader.number();
    const auto selection = reader.number();
    if (!end || !selection) return malformed();
    return std::optional{Through{.end = base::from_milliseconds(static_cast<std::int64_t>(*end)),
                                 .selection = *selection}};
}

void Memory::set_through(const std::string& table, const Through& through) {
    throughs_[table] = through;
}

base::Result<Memory::Days> Memory::day(const std::string& table, base::EventTime at) {
    const auto noted = days_at({table, number_of(at, 24h)});
    if (!noted) return noted.error();
    return noted.value()->days;
}

base::Result<Memory::NotedDays*> Memory::days_at(const Key& key) {
    const auto [found, is_new] = days_.try_emplace(key);
    auto& noted = found->second;
    if (!is_new) return &noted;
    const auto text = load_(day_key(key)).value_or("");
    noted.bytes = text.size();
    for (NoteReader reader{text}; !reader.is_at_end();) {
        auto id = reader.text();
        const auto closed = reader.number();
        const auto rows = reader.number();
        if (!id || !closed || !rows) return malformed();
        noted.days[std::move(*id)] = {.closed = std::bitset<kHoursADay>{*closed}, .rows = *rows};
    }
    return &noted;
}

base::Result<Memory::Hour*> Memory::hour_at(const Key& key) {
    const auto [found, is_new] = hours_.try_emplace(key);
    auto& hour = found->second;
    if (!is_new) return &hour;
    while (const auto text = load_(chunk_key(key, hour.chunks.size()))) {
        if (auto read = read_chunk(*text, hour); !read) return read.error();
        hour.chunks.push_back(text->size());
    }
    return &hour;
}

base::Status Memory::read_chunk(const std::string& text, Hour& hour) const {
    for (NoteReader reader{text}; !reader.is_at_end();) {
        auto id = reader.text();
        const auto rows = reader.number();
        if (!id || !rows) return malformed();
        auto& known = hour.known[std::move(*id)];
        std::uint64_t offset = 0;
        for (std::uint64_t i = 0; i < *rows; ++i) {
            const auto step = reader.number();
            const auto mark = reader.number();
            if (!step || !mark) return malformed();
            offset += *step;
            known.emplace(static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(*mark));
        }
    }
    return base::Done{};
}

base::Result<Memory::Verdict> Memory::accept(const std::string& table, const std::string& id,
                                             const Row& row) {
    if (row.kind == RowKind::unreadable) return Verdict::fresh;
    const auto written = row.time.written;
    const auto number = number_of(written, 1h);
    const auto noted = days_at({table, number_of(written, 24h)});
    if (!noted) return noted.error();
    const auto day = noted.value()->days.find(id);
    const auto of_day = static_cast<std::size_t>(number % static_cast<std::int64_t>(kHoursADay));
    if (day != noted.value()->days.end() && day->second.closed[of_day]) return Verdict::closed;
    const auto loaded = hour_at({table, number});
    if (!loaded) return loaded.error();
    auto& hour = *loaded.value();
    ++hour.seen[id];
    const auto offset =
        static_cast<std::uint32_t>((written.time_since_epoch() % base::Duration{1h}).count());
    const auto [known, is_fresh] = hour.known[id].emplace(offset, row.mark);
    if (!is_fresh) return known->second == row.mark ? Verdict::known : Verdict::conflict;
    hour.fresh[id].emplace_back(offset, row.mark);
    return Verdict::fresh;
}

base::Status Memory::finish(const std::string& table, base::EventTime hour,
                            const std::vector<std::string>& ids, bool closes) {
    const Key key{table, number_of(hour, 1h)};
    const auto loaded = hour_at(key);
    if (!loaded) return loaded.error();
    auto& finished = *loaded.value();
    finished.is_finished = true;
    if (closes) {
        if (auto closed = close(key, finished, ids); !closed) return closed;
    }
    finished.known.clear();
    finished.seen.clear();
    const bool is_noted = !finished.is_closed && finished.fresh.empty();
    if (is_noted || (finished.is_closed && finished.chunks.empty())) hours_.erase(key);
    return base::Done{};
}

/// One that is closed before it was ever committed leaves nothing but the number of its rows.
base::Status Memory::close(const Key& key, Hour& hour, const std::vector<std::string>& ids) {
    constexpr auto kHours = static_cast<std::int64_t>(kHoursADay);
    const auto noted = days_at({key.first, key.second / kHours});
    if (!noted) return noted.error();
    noted.value()->is_changed = true;
    const auto of_day = static_cast<std::size_t>(key.second % kHours);
    const auto note = [&](const std::string& id, std::uint64_t rows) {
        auto& day = noted.value()->days[id];
        if (day.closed[of_day]) return;
        day.closed.set(of_day);
        day.rows += rows;
    };
    for (const auto& id : ids) {
        const auto seen = hour.seen.find(id);
        note(id, seen == hour.seen.end() ? 0 : seen->second);
    }
    for (const auto& [id, known] : hour.known) note(id, known.size());
    hour.is_closed = true;
    hour.fresh.clear();
    return base::Done{};
}

base::Status Memory::add_to(delivery::Flush& flush) {
    for (auto hour = hours_.begin(); hour != hours_.end();) {
        add_hour(hour->first, hour->second, flush);
        hour = hour->second.is_finished ? hours_.erase(hour) : std::next(hour);
    }
    for (auto& [key, noted] : days_) {
        if (noted.is_changed) add_days(key, noted, flush);
    }
    if (days_.size() > kDaysMax) days_.clear();
    for (const auto& [table, through] : throughs_) {
        auto& text = flush.positions[through_key(table)];
        put_number(static_cast<std::uint64_t>(base::to_milliseconds(through.end)), text);
        put_number(through.selection, text);
    }
    throughs_.clear();
    if (flush.positions.empty() && flush.lines.empty()) return base::Done{};
    auto& sizes = flush.positions[kSizes];
    put_number(row_bytes_, sizes);
    put_number(day_bytes_, sizes);
    if (row_bytes_ + day_bytes_ <= kBytesMax) return base::Done{};
    return base::Error{
        base::Fault::exhausted,
        fmt::format("it would have to remember more than {} MiB of the rows that it has taken: set "
                    "late to less, or let two jobs, each a node, take a part of the tags",
                    kBytesMax >> 20U)};
}

void Memory::add_hour(const Key& key, Hour& hour, delivery::Flush& flush) {
    if (hour.is_closed) {
        for (std::size_t i = 0; i < hour.chunks.size(); ++i) {
            flush.positions[chunk_key(key, i)].clear();
            row_bytes_ -= std::min(row_bytes_, hour.chunks[i]);
        }
        return;
    }
    if (hour.fresh.empty()) return;
    auto& text = flush.positions[chunk_key(key, hour.chunks.size())];
    for (auto& [id, rows] : hour.fresh) {
        std::sort(rows.begin(), rows.end());
        put_text(id, text);
        put_number(rows.size(), text);
        std::uint32_t before = 0;
        for (const auto& [offset, mark] : rows) {
            put_number(offset - before, text);
            put_number(mark, text);
            before = offset;
        }
    }
    hour.fresh.clear();
    hour.chunks.push_back(text.size());
    row_bytes_ += text.size();
}

void Memory::add_days(const Key& key, NotedDays& noted, delivery::Flush& flush) {
    auto& text = flush.positions[day_key(key)];
    for (const auto& [id, day] : noted.days) {
        put_text(id, text);
        put_number(day.closed.to_ullong(), text);
        put_number(day.rows, text);
    }
    day_bytes_ += text.size();
    day_bytes_ -= std::min(day_bytes_, noted.bytes);
    noted.bytes = text.size();
    noted.is_changed = false;
}

}  // namespace imports::tables
