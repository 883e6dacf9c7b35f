// Goal: whenever the power goes, the next start has the old file or the new one, whole, and never
// tries the new one twice. Method: a disk from which, from the nth change on, nothing arrives any
// more; every n, for a trial that goes well and for one that does not.

#include "agent/trial/config_trial.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "agent/trial/config_change.hpp"
#include "agent/trial/fake_files.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace std::chrono_literals;
using agent::ConfigTrial;
using agent_test::FakeFiles;
using agent_test::kPath;

agent::Request change_to(const std::string& text) {
    agent::Request request;
    request.verb = agent::Verb::config;
    request.transaction = "7";
    request.digest = 0xfedc'ba98'7654'3210U;
    request.config = text;
    request.confirm_within = 30s;
    return request;
}

/// One life: what it began with, and whether that was on trial.
struct Life {
    std::string text;
    bool on_trial = false;
};

Life begin(ConfigTrial& trial, const FakeFiles::Disk& disk) {
    const auto file = trial.begin();
    REQUIRE(disk.contains(file));
    return {disk.at(file), trial.is_running()};
}

}  // namespace

TEST_CASE("a change that is confirmed becomes the file, and the old one is kept beside it") {
    FakeFiles::Disk disk{{kPath, "old"}};
    FakeFiles files(disk);
    ConfigTrial trial(kPath, files);
    CHECK(begin(trial, disk).text == "old");
    REQUIRE(trial.propose(change_to("new")));
    CHECK(disk.at(kPath) == "old");
    CHECK(begin(trial, disk).text == "new");
    REQUIRE(trial.is_running());
    CHECK(trial.file() == kPath + ".candidate");
    CHECK(trial.request().transaction == "7");
    CHECK(trial.request().digest == 0xfedc'ba98'7654'3210U);
    CHECK(trial.request().confirm_within == 30s);
    CHECK(disk.at(kPath) == "old");
    REQUIRE(trial.confirm());
    CHECK(!trial.is_running());
    CHECK(trial.file() == kPath);
    REQUIRE(trial.outcome());
    CHECK(!trial.outcome()->reason);
    trial.forget_outcome();
    CHECK(disk == FakeFiles::Disk{{kPath, "new"}, {kPath + ".previous", "old"}});
    CHECK(begin(trial, disk).text == "new");
}

TEST_CASE("a change that is rolled back leaves nothing but its outcome, until that is forgotten") {
    FakeFiles::Disk disk{{kPath, "old"}};
    FakeFiles files(disk);
    ConfigTrial trial(kPath, files);
    REQUIRE(trial.propose(change_to("new")));
    trial.begin();
    trial.roll_back("nobody answers");
    for (int start = 0; start < 3; ++start) {
        ConfigTrial next(kPath, files);
        CHECK(begin(next, disk).text == "old");
        REQUIRE(next.outcome());
        CHECK(next.outcome()->reason == agent::Reason::rolled_back);
        CHECK(next.outcome()->detail == "nobody answers");
        CHECK(next.request().transaction == "7");
        if (start == 2) next.forget_outcome();
    }
    CHECK(disk == FakeFiles::Disk{{kPath, "old"}});
}

namespace {

/// The state after the lives that followed a power cut.
struct AfterCut {
    bool is_cut = false;
    int trials = 0;
    std::string text;  // Of the configuration in the end.
};

/// A life whose disk accepts so many changes, and then one that settles what it left behind.
AfterCut cut_after(int changes, bool goes_well) {
    FakeFiles::Disk disk{{kPath, "old"}};
    FakeFiles dying(disk, changes);
    ConfigTrial first(kPath, dying);
    first.begin();
    REQUIRE(first.propose(change_to("new")));
    AfterCut after;
    // Nothing that the first life does after the cut reaches the disk.
    if (begin(first, disk).on_trial && !dying.is_cut) {
        ++after.trials;
        if (goes_well) CHECK(first.confirm());
        if (!goes_well) first.roll_back("nobody answers");
    }
    after.is_cut = dying.is_cut;
    FakeFiles files(disk);
    for (int start = 0; start < 3; ++start) {
        ConfigTrial next(kPath, files);
        const auto life = begin(next, disk);
        after.trials += life.on_trial ? 1 : 0;
        after.text = life.text;
        const auto outcome = next.outcome();
        if (!outcome) continue;
        // The answer is true.
        CHECK((outcome->reason == agent::Reason::rolled_back) == (life.text == "old"));
    }
    CHECK(disk.at(kPath) == after.text);
    ConfigTrial last(kPath, files);
    last.begin();
    CHECK(!last.is_running());
    last.forget_outcome();
    CHECK(!disk.contains(kPath + ".trial"));
    CHECK(!disk.contains(kPath + ".candidate"));
    return after;
}

}  // namespace

TEST_CASE("the power may go at any change of the disk") {
    int cuts = 0;
    int kept_new = 0;
    int kept_old = 0;
    for (const bool goes_well : {true, false}) {
        for (int changes = 0; changes < 12; ++changes) {
            CAPTURE(goes_well);
            CAPTURE(changes);
            const auto after = cut_after(changes, goes_well);
            CHECK(after.trials <= 1);
            CHECK((after.text == "old" || after.text == "new"));
            if (!goes_well) CHECK(after.text == "old");
            if (goes_well && !after.is_cut) CHECK(after.text == "new");
            cuts += after.is_cut ? 1 : 0;
            kept_new += after.text == "new" ? 1 : 0;
            kept_old += after.text == "old" ? 1 : 0;
        }
    }
    CHECK(cuts > 8);
    CHECK(kept_new > 2);
    CHECK(kept_old > 8);
}

TEST_CASE("a mark that cannot be read is no trial") {
    for (const auto* mark : {"", "{", "[]", "{\"state\":\"running\"}", "{\"state\":7}",
                             "{\"state\":\"walking\",\"transaction\":\"7\"}"}) {
        CAPTURE(mark);
        FakeFiles::Disk disk{
            {kPath, "old"}, {kPath + ".candidate", "new"}, {kPath + ".trial", mark}};
        FakeFiles files(disk);
        ConfigTrial trial(kPath, files);
        CHECK(begin(trial, disk).text == "old");
        CHECK(!trial.outcome());
        CHECK(disk == FakeFiles::Disk{{kPath, "old"}});
    }
}

TEST_CASE("files are replaced as a whole, with the permissions of their model") {
    const support::TemporaryFolder folder;
    disk::DurableFiles files;
    const auto path = folder.write("agent.toml", "old");
    REQUIRE(chmod(path.c_str(), 0640) == 0);
    REQUIRE(files.write(path + ".candidate", "new", path));
    struct stat status {};
    REQUIRE(stat((path + ".candidate").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0640);
    CHECK(files.read(path).value() == "old");
    REQUIRE(files.rename(path + ".candidate", path));
    CHECK(files.read(path).value() == "new");
    CHECK(!files.read(path + ".candidate").value());
    REQUIRE(files.remove(path));
    REQUIRE(files.remove(path));
    CHECK(!files.read(path).value());
    const auto nowhere = files.write(folder.file("none/agent.toml"), "x", path);
    REQUIRE(!nowhere);
    CHECK(nowhere.error().fault == base::Fault::transient);
    const auto forbidden = files.write("/sys/agent.toml", "x", path);
    REQUIRE(!forbidden);
    CHECK(forbidden.error().fault == base::Fault::misconfigured);
    REQUIRE(files.remove("/sys/agent.toml"));  // It is not there: nothing is to be done.
}

TEST_CASE("a link to the configuration stays one: what it points to is replaced") {
    const support::TemporaryFolder folder;
    disk::DurableFiles files;
    const auto path = folder.write("real.toml", "old");
    const auto link = folder.file("agent.toml");
    std::filesystem::create_symlink(path, link);
    ConfigTrial trial(link, files);
    REQUIRE(trial.propose(change_to("new")));
    trial.begin();
    REQUIRE(trial.confirm());
    CHECK(std::filesystem::is_symlink(link));
    CHECK(files.read(link).value() == "new");
    CHECK(files.read(path + ".previous").value() == "old");
}

namespace {

const std::string kPlain =
    "[node]\nname = \"n\"\n[commands]\nallow = [\"ping\", \"config\"]\n"
    "[[sensor]]\nname = \"room\"\ndriver = \"simulator\"\n";

agent::Config config_of(const std::string& text) {
    auto settings = base::Settings::parse(text, "agent.toml");
    REQUIRE(settings);
    auto config = agent::read_config(std::move(settings).value(), "1");
    REQUIRE(config);
    return std::move(config).value();
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    const auto at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), with);
}

}  // namespace

TEST_CASE(
    "a change is refused with every error, and what is not to be changed from afar is named") {
    const auto current = config_of(kPlain);
    CHECK(agent::check_change(current, kPlain, "agent.toml"));
    CHECK(agent::check_change(current, replaced(kPlain, "\"ping\", ", ""), "agent.toml"));
    CHECK(agent::check_change(current, kPlain + "period = \"5s\"\n", "agent.toml"));
    const struct {
        const char* name;
        std::string text;
        const char* part;
    } bad_changes[] = {
        {"no TOML", "[node", "agent.toml:1:"},
        {"an unknown key", kPlain + "perod = \"5s\"\n", "agent.toml:8: "},
        {"an empty file", "", "node.name"},
        {"another node", replaced(kPlain, "\"n\"", "\"m\""), "node.name cannot be changed"},
        {"another outbox", kPlain + "[outbox]\npath = \"/x.db\"\n", "outbox.path cannot be"},
        {"a smaller outbox", kPlain + "[outbox]\nquota = \"1MiB\"\n", "outbox.quota cannot be"},
        {"other topics", kPlain + "[topics]\nroot = \"x\"\n", "topics.root cannot be changed"},
        {"more commands", replaced(kPlain, "\"ping\"", "\"ping\", \"flush\""), "\"flush\""},
    };
    for (const auto& bad : bad_changes) {
        CAPTURE(bad.name);
        const auto checked = agent::check_change(current, bad.text, "agent.toml");
        REQUIRE(!checked);
        CHECK(checked.error().detail.find(bad.part) != std::string::npos);
    }
    const auto two = agent::check_change(
        current, replaced(kPlain, "\"n\"", "\"m\"") + "[outbox]\npath = \"/x.db\"\n", "a");
    REQUIRE(!two);
    CHECK(two.error().detail.find('\n') != std::string::npos);
}
