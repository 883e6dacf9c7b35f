#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "central/jobs/core/job.hpp"
#include "central/jobs/core/journal.hpp"

namespace jobs_test {

/// Keeps every run, oldest first.
class MemoryJournal final : public jobs::Journal {
  public:
    /// `path` is that of the database, beside which locks are.
    explicit MemoryJournal(std::string path) : path_(std::move(path)) {}

    base::Result<std::unique_ptr<jobs::Hold>> hold(const std::string& job) override {
        auto lock = jobs::RunLock::acquire(jobs::lock_path(path_, job));
        if (!lock) return lock.error();
        return std::unique_ptr<jobs::Hold>{std::move(lock).value()};
    }
    base::Result<std::int64_t> begin(const jobs::Run& run) override {
        if (is_locked) return base::Error{base::Fault::transient, "locked"};
        rows.push_back(run);
        rows.back().id = static_cast<std::int64_t>(rows.size());
        return rows.back().id;
    }
    base::Status end(const jobs::Run& run) override {
        if (is_locked) return base::Error{base::Fault::transient, "locked"};
        rows.at(static_cast<std::size_t>(run.id - 1)) = run;
        return base::Done{};
    }
    base::Result<std::uint64_t> close_interrupted(const std::string& job,
                                                  base::EventTime now) override {
        if (is_locked) return base::Error{base::Fault::transient, "locked"};
        std::uint64_t closed = 0;
        for (auto& run : rows) {
            if (run.job != job || run.ended) continue;
            run.status = jobs::RunStatus::interrupted;
            run.ended = now;
            ++closed;
        }
        return closed;
    }
    base::Result<std::vector<jobs::Run>> runs(const jobs::RunRange& range) override {
        if (is_locked) return base::Error{base::Fault::transient, "locked"};
        std::vector<jobs::Run> found;
        for (auto run = rows.rbegin(); run != rows.rend(); ++run) {
            if (found.size() == range.runs_max) break;
            if (range.only_whole && !run->is_whole) continue;
            if (range.job.empty() || run->job == range.job) found.push_back(*run);
        }
        return found;
    }

    std::vector<jobs::Run> rows;
    bool is_locked = false;

  private:
    std::string path_;
};

class Silence final : public jobs::Progress {
  public:
    void report(std::uint64_t /*done*/, std::uint64_t /*total*/) override {}
};

/// Lets a run write so many times.
class Limited final : public jobs::Progress {
  public:
    explicit Limited(int writes) : left_(writes) {}
    void report(std::uint64_t /*done*/, std::uint64_t /*total*/) override {}
    base::Status may_write() override {
        if (left_-- > 0) return base::Done{};
        return base::Error{base::Fault::transient, "it is not the only one any more"};
    }

  private:
    int left_;
};

/// Does what the test says.
class ScriptedJob final : public jobs::Job {
  public:
    using Act = std::function<base::Result<jobs::Work>(const jobs::Order& order)>;

    explicit ScriptedJob(Act act) : act_(std::move(act)) {}
    std::string explain() const override { return "Does what the test says."; }
    jobs::Heeds heeds() const override { return {.from = true, .to = true, .limit = true}; }
    std::string remedy() const override { return "look at the test"; }
    base::Result<jobs::Work> run(const jobs::Order& order, base::EventTime /*now*/,
                                 jobs::Progress& /*progress*/) override {
        return act_(order);
    }

  private:
    Act act_;
};

}  // namespace jobs_test
