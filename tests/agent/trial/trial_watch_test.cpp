// Goal: a request for a new configuration is answered with its outcome, across the restarts in
// between. Method: the agent with fakes all around; a new one on the same disk is a restart.

#include "agent/trial/trial_watch.hpp"

#include <doctest/doctest.h>

#include <memory>

#include "agent/node/served_node.hpp"
#include "agent/trial/fake_files.hpp"

namespace {

using namespace std::chrono_literals;
using agent::ConfigTrial;
using agent_test::FakeFiles;
using agent_test::kPath;

/// A node with a trial, whose restarts the test makes.
struct TriedNode {
    explicit TriedNode(FakeFiles& files) : trial(kPath, files) {
        trial.begin();
        watch = std::make_unique<agent::TrialWatch>(
            trial, node.desk, node.connection,
            [](const std::string& text) -> base::Status {
                if (text != "bad") return base::Done{};
                return base::Error{base::Fault::misconfigured, "agent.toml:1: bad"};
            },
            node.clock.instant());
        node.agent.register_service(*watch);
    }
    std::string reason() const {
        const auto answers = node.answers("config");
        REQUIRE(!answers.empty());
        const auto reason = agent_test::text(answers.back(), "reason");
        return reason.empty() ? agent_test::text(answers.back(), "status") : reason;
    }
    void ask(const std::string& transaction, const std::string& text) {
        node.ask("config", R"({"transaction":")" + transaction + R"(","config":")" + text +
                               R"(","confirm_within":"30s"})");
        node.run(20ms);
    }
    void acknowledge() {
        node.run(3s);
        wire::Ack ack;
        ack.incarnation = node.outbox.extent().incarnation;
        const auto head = node.outbox.extent().head;
        ack.durable = {.seq = head, .hash = *node.outbox.hash_at(head).value()};
        ack.expected = head + 1;
        node.connection.inbox.push_back(
            {.topic = "leat/v1/n/ack", .payload = wire::encode_ack(ack), .retained = false});
    }

    agent_test::ServedNode node;
    ConfigTrial trial;
    std::unique_ptr<agent::TrialWatch> watch;
};

}  // namespace

TEST_CASE("a change is answered after its trial, on the connection of the life that knows") {
    FakeFiles::Disk disk{{kPath, "old"}};
    FakeFiles files(disk);
    {
        TriedNode before(files);
        before.ask("1", "bad");
        CHECK(before.reason() == "invalid_config");
        before.ask("2", "old");
        CHECK(before.reason() == "ok");
        before.ask("3", "new");
        CHECK(before.node.answers("config").size() == 2);
        CHECK(before.watch->wants_restart());
        before.ask("4", "newer");
        CHECK(before.reason() == "busy");
    }
    TriedNode on_trial(files);
    REQUIRE(on_trial.trial.is_running());
    on_trial.node.run(20s);
    CHECK(on_trial.node.answers("config").empty());
    on_trial.ask("3", "new");  // Again, over the restart: it is under way.
    CHECK(on_trial.node.answers("config").empty());
    on_trial.acknowledge();
    on_trial.node.run(2s);
    CHECK(on_trial.reason() == "ok");
    CHECK(!on_trial.watch->wants_restart());
    CHECK(disk.at(kPath) == "new");
    CHECK(disk.contains(kPath + ".trial"));  // It may not have been heard.
    on_trial.node.run(12s);
    CHECK(on_trial.node.answers("config").size() == 1);
    CHECK(!disk.contains(kPath + ".trial"));
    CHECK(disk.at(kPath + ".previous") == "old");
}

TEST_CASE(
    "without an acknowledgement in time a change is rolled back, and answered until that is "
    "heard") {
    FakeFiles::Disk disk{{kPath, "old"}};
    FakeFiles files(disk);
    TriedNode(files).ask("3", "new");
    {
        TriedNode on_trial(files);
        on_trial.node.run(29s);
        CHECK(!on_trial.watch->wants_restart());
        on_trial.node.run(2s);
        CHECK(on_trial.watch->wants_restart());
        CHECK(on_trial.node.answers("config").empty());
    }
    TriedNode after(files);
    CHECK(after.trial.file() == kPath);
    after.node.run(5s);
    CHECK(after.reason() == "rolled_back");
    after.node.connection.disconnect();
    after.node.run(1s);
    after.node.connection.connect();
    after.node.run(60s);
    CHECK(after.node.answers("config").size() == 2);
    CHECK(disk == FakeFiles::Disk{{kPath, "old"}});
    after.ask("3", "new");  // Known, and answered from memory.
    CHECK(after.reason() == "rolled_back");
    CHECK(!after.watch->wants_restart());
}

TEST_CASE("a file that cannot be written is answered with an error, and nothing changes") {
    FakeFiles::Disk disk{{kPath, "old"}};
    FakeFiles files(disk);
    TriedNode node(files);
    files.error = base::Error{base::Fault::misconfigured, "Read-only file system"};
    node.ask("1", "new");
    CHECK(node.reason() == "read_only");
    files.error = base::Error{base::Fault::transient, "No space left on device"};
    node.ask("2", "new");
    CHECK(node.reason() == "failed");
    CHECK(!node.watch->wants_restart());
    CHECK(disk == FakeFiles::Disk{{kPath, "old"}});
}
