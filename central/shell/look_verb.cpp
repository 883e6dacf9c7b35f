#include "central/shell/look_verb.hpp"

#include "base/log.hpp"
#include "central/sinks/access/path_check.hpp"
#include "central/sinks/database_query.hpp"
#include "program/shell.hpp"

namespace shell {

namespace {

base::Status look_into(const program::Command& command, const Source& source,
                       const base::Clock& clock, const Work& work) {
    const auto output = output_of(command);
    if (!output) return output.error();
    if (auto there = sinks::expect_database(source.database); !there) return there;
    const auto query = sinks::DatabaseQuery::open(source.database);
    if (!query) return query.error();
    const views::NodePresences nobody;
    return work({.facts = {.query = *query.value(),
                           .presences = nobody,
                           .now = clock.event_time(),
                           .watermark_bound = source.watermark_bound},
                 .zone = output.value().zone,
                 .command = command},
                output.value());
}

}  // namespace

int with_database(const program::Command& command, const Load& load, const base::Clock& clock,
                  const Work& work) {
    const auto source = load(command.option("config"));
    if (!source) return program::print_error(source.error());
    base::set_log_level(base::LogLevel::error);
    const auto done = look_into(command, source.value(), clock, work);
    return done ? program::kExitOk : program::print_error(done.error());
}

int look(const program::Command& command, const Load& load, const base::Clock& clock,
         const std::function<Answer(const Question&)>& ask) {
    const auto work = [&](const Question& question, const Output& output) -> base::Status {
        const auto answer = ask(question);
        if (!answer) return answer.error();
        print(answer.value(), output);
        return base::Done{};
    };
    return with_database(command, load, clock, work);
}

}  // namespace shell
