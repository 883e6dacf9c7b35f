#include "central/sinks/judging/outlook.hpp"

#include "central/sinks/judging/gap_rows.hpp"

namespace sinks {

namespace {

base::Result<bool> has_unplaced(sql::Database& database, const std::string& node) {
    auto query = database.query("SELECT 1 FROM boot WHERE node = ? AND unplaced > 0 LIMIT 1");
    return query.bind(node).next();
}

base::Result<Outlook> outlook_of(sql::Database& database, const std::string& node) {
    const auto waiting = has_unplaced(database, node);
    if (!waiting) return waiting.error();
    const auto gaps = read_gaps(database, node, base::EventTime::min(), base::EventTime::max());
    if (!gaps) return gaps.error();
    return Outlook{.has_unplaced = waiting.value(),
                   .untimed = engine::DeclaredGaps{gaps.value()}.untimed()};
}

}  // namespace

base::Result<Outlooks> outlooks_of(sql::Database& database, const engine::Changes& changes) {
    Outlooks outlooks;
    for (const auto& gap : changes.gaps) outlooks[gap.node];
    for (const auto& [key, boot] : changes.boots) outlooks[boot.node];
    for (auto& [node, outlook] : outlooks) {
        const auto now = outlook_of(database, node);
        if (!now) return now.error();
        outlook = now.value();
    }
    return outlooks;
}

}  // namespace sinks
