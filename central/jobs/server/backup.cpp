#include <fmt/format.h>

#include <filesystem>
#include <utility>
#include <vector>

#include "base/settings.hpp"
#include "central/child/child.hpp"
#include "central/files/whole_file.hpp"
#include "central/jobs/core/folder.hpp"
#include "central/jobs/server/kinds.hpp"
#include "central/jobs/server/password_line.hpp"
#include "central/jobs/server/quoted_name.hpp"
#include "central/sinks/tables/schema.hpp"
#include "central/text/rfc3339.hpp"

namespace jobs {

namespace {

constexpr const char* kAfter = ".dump";
constexpr base::Duration kLookEvery = std::chrono::milliseconds{200};

class ServerBackup final : public Job {
  public:
    ServerBackup(sinks::Address database, Copies copies)
        : database_(std::move(database)), copies_(std::move(copies)) {}

    std::string explain() const override {
        return fmt::format(
            "Copies leat's schema of {0} into {1} as {2}-<time>.dump with pg_dump (custom format), "
            "as it is at one moment, while central runs, and has pg_restore read all of the copy. "
            "Keeps the newest {3} copies, and removes older ones of that name only. To restore "
            "one: "
            "stop central, drop the schema, pg_restore --dbname=… the copy, which makes it again, "
            "start central; what came since is sent again by Redis and the nodes as far as they "
            "still have it.",
            database_.text(), copies_.folder, copies_.prefix, copies_.keep);
    }
    Heeds heeds() const override { return {}; }
    std::string remedy() const override {
        return fmt::format(
            "look whether the server answers, whether pg_dump is installed and as new as the "
            "server, and whether {} is there, writable and large enough; then run it again "
            "(leat-central job run). The copies of before are as they were",
            copies_.folder);
    }

    base::Result<Work> run(const Order& order, base::EventTime now, Progress& progress) override {
        auto opened = sinks::open_database(database_, true);
        if (!opened) return opened.error();
        auto& original = *opened.value();
        if (auto current = sinks::check_current(original); !current) return current.error();
        const auto readings = original.number("SELECT coalesce(sum(readings), 0) FROM dim_series");
        if (!readings) return readings.error();
        auto schema = original.query("SELECT current_schema()::text");
        const auto row = schema.next();
        if (!row) return row.error();
        const auto name = stem() + text::file_stamp(now) + kAfter;
        const auto path = (std::filesystem::path{copies_.folder} / name).string();
        const Work work{.records = static_cast<std::uint64_t>(readings.value()),
                        .read = database_.text(),
                        .wrote = path};
        if (order.is_dry) return work;
        if (auto there = make_folder(copies_.folder); !there) return there.error();
        if (auto cleared = clear_partial(copies_.folder, stem(), kAfter); !cleared) {
            return cleared.error();
        }
        if (auto copied = copy(schema.string(0), path, progress); !copied) return copied.error();
        const auto rotated = rotate(copies_.folder, stem(), kAfter, copies_.keep, name);
        if (!rotated) return rotated.error();
        progress.report(3, 3);
        return work;
    }

  private:
    std::string stem() const { return copies_.prefix + "-"; }

    base::Status copy(const std::string& schema, const std::string& path, Progress& progress) {
        files::WholeFile file{path};
        progress.report(0, 3);
        // The file is made by us, for our user only.
        if (auto begun = file.begin(); !begun) return begun;
        if (auto dumped = dump(schema, file.partial(), progress); !dumped) return dumped;
        progress.report(1, 3);
        // A list alone would come from its beginning.
        auto read = run_program({.argv = {"pg_restore", "--file=/dev/null", file.partial()},
                                 .environment = {},
                                 .input = {}},
                                progress);
        if (!read) return read;
        progress.report(2, 3);
        if (auto may = progress.may_write(); !may) return may;
        return file.finish();
    }

    base::Status dump(const std::string& schema, const std::string& into,
                      Progress& progress) const {
        child::ChildOptions program{.argv = {"pg_dump", "--format=custom", "--no-password",
                                             "--schema=" + quoted_name(schema), "--file=" + into,
                                             "--dbname=" + database_.options().place},
                                    .environment = {},
                                    .input = {}};
        if (const auto& source = database_.password_file(); !source.empty()) {
            const auto password = base::read_password(source);
            if (!password) return password.error();
            // On no disk, and in no environment; one there would go before the file.
            program.input = password_line(password.value());
            program.environment = {"PGPASSFILE=/proc/self/fd/0", "PGPASSWORD="};
        }
        return run_program(std::move(program), progress);
    }

    /// When we are killed, it is, too.
    static base::Status run_program(child::ChildOptions program, Progress& progress) {
        const auto name = program.argv.front();
        const std::vector<std::string> bound{"setpriv", "--pdeathsig", "KILL", "--"};
        program.argv.insert(program.argv.begin(), bound.begin(), bound.end());
        auto started = child::Child::start(program);
        if (!started) return started.error();
        auto child = std::move(started).value();
        for (;;) {
            if (const auto code = child.exit_code()) {
                if (*code == 0) return base::Done{};
                return base::Error{base::Fault::transient,
                                   fmt::format("{} failed: {}", name, child.last_words())};
            }
            if (auto may = progress.may_write(); !may) return may;
            base::pause_for(kLookEvery);
        }
    }

    sinks::Address database_;
    Copies copies_;
};

}  // namespace

std::unique_ptr<Job> make_server_backup(const sinks::Address& database, Copies copies) {
    return std::make_unique<ServerBackup>(database, std::move(copies));
}

}  // namespace jobs
