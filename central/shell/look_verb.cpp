#include "central/shell/look_verb.hpp"

#include "base/log.hpp"
#include "central/shell/table/verb_output.hpp"
#include "central/sinks/path_check.hpp"
#include "central/sinks/sqlite_query.hpp"
#include "program/shell.hpp"

namespace shell {

namespace {

base::Status look_into(const program::Command& command, const Source& source,
                       const base::Clock& clock,
                       const std::function<Answer(const Question&)>& ask) {
    const auto output = output_of(command);
    if (!output) return output.error();
    if (auto there = sinks::expect_database(source.database); !there) return there;
    const auto query = sinks::SqliteQuery::open(source.database);
    if (!query) return query.error();
    const views::NodePresences nobody;
    const auto answer = ask({.facts = {.query = *query.value(),
                                       .presences = nobody,
                                       .now = clock.event_time(),
                                       .watermark_bound = source.watermark_bound},
                             .zone = output.value().zone,
                             .command = command});
    if (!answer) return answer.error();
    print(answer.value(), output.value());
    return base::Done{};
}

}  // namespace

int look(const program::Command& command, const Load& load, const base::Clock& clock,
         const std::function<Answer(const Question&)>& ask) {
    const auto source = load(command.option("config"));
    if (!source) return program::print_error(source.error());
    base::set_log_level(base::LogLevel::error);
    const auto looked = look_into(command, source.value(), clock, ask);
    return looked ? program::kExitOk : program::print_error(looked.error());
}

}  // namespace shell
