// Goal: each program's manual page is good roff, and its completions complete, in the shells
// themselves. Method: mandoc reads the pages; bash, and fish and zsh where they are
// installed, load what the programs print.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <sstream>

#include "places.hpp"
#include "support/process.hpp"
#include "support/temporary_folder.hpp"

namespace {

constexpr const char* kPrograms[] = {"leat-agent", "leat-bridge", "leat-central"};

struct Ended {
    int exit = -1;
    std::string said;
};

Ended run(std::vector<std::string> argv) {
    const support::TemporaryFolder folder;
    auto process = support::Process::start({.argv = std::move(argv),
                                            .environment = {"NO_COLOR=1"},
                                            .log_file = folder.file("log"),
                                            .folder = {}});
    const auto exit = process.wait(std::chrono::seconds{60});
    return {exit.value_or(-1), process.log()};
}

std::string printed(const std::string& program, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), places::program(program));
    auto ended = run(std::move(arguments));
    REQUIRE(ended.exit == 0);
    return ended.said;
}

/// What the shell offers for a command line, the last word being typed.
std::string offered_by_bash(const std::string& program, const std::string& script,
                            const std::string& words) {
    std::string function = program;
    function.replace(function.find('-'), 1, "_");
    return run({"bash", "-c",
                fmt::format("source {}; COMP_WORDS=({} {}); COMP_CWORD=$((${{#COMP_WORDS[@]}}-1)); "
                            "_{}; printf '%s ' \"${{COMPREPLY[@]}}\"",
                            script, program, words, function)})
        .said;
}

}  // namespace

TEST_CASE("what cannot be printed is an error, told in words") {
    for (const std::string program : kPrograms) {
        for (const std::string verb : {"sample-config", "man", "completion bash", "--help"}) {
            CAPTURE(program + " " + verb);
            const auto ended =
                run({"sh", "-c", places::program(program) + " " + verb + " >/dev/full"});
            CHECK(ended.exit == 1);
            CHECK(ended.said == "standard output cannot be written; is the disk full?\n");
        }
    }
}

TEST_CASE("every manual page is good roff in plain ASCII and shows every key and driver") {
    const support::TemporaryFolder folder;
    for (const std::string program : kPrograms) {
        CAPTURE(program);
        const auto page = printed(program, {"man"});
        const auto file = folder.write(program + ".1", page);
        for (const char c : page) REQUIRE(c >= 0);
        const auto lint = run({"mandoc", "-Tlint", "-W", "warning", file});
        std::istringstream lines(lint.said);
        for (std::string line; std::getline(lines, line);) {
            // The page has no date.
            CHECK_MESSAGE(line.find("missing date") != std::string::npos, line);
        }
        const auto text = run({"mandoc", "-Tutf8", "-Owidth=100", file});
        CHECK(text.exit == 0);
        CHECK(text.said.find("tcp://127.0.0.1:1883") != std::string::npos);
        CHECK(page.find(".SH CONFIGURATION") != std::string::npos);
    }
    const auto page = printed("leat-agent", {"man"});
    for (const auto* word : {"ultrasonic", "quota", "temperature_series", "SIGHUP"}) {
        CAPTURE(word);
        CHECK(page.find(word) != std::string::npos);
    }
}

TEST_CASE("bash completes verbs, options, their words, and files") {
    const support::TemporaryFolder folder;
    for (const std::string program : kPrograms) {
        CAPTURE(program);
        const auto script = folder.write(program, printed(program, {"completion", "bash"}));
        const auto offered = [&](const std::string& words) {
            return offered_by_bash(program, script, words);
        };
        CHECK(offered("va") == "validate ");
        CHECK(offered("run --c") == "--config ");
        CHECK(offered("run --config " + folder.file("leat-a")) == folder.file("leat-agent") + " ");
        CHECK(offered("run --config = " + folder.file("leat-a")) ==
              folder.file("leat-agent") + " ");
        CHECK(offered("completion z") == "zsh ");
    }
    const auto script = folder.file("leat-agent");
    CHECK(offered_by_bash("leat-agent", script, "decode dht1") == "dht11 ");
    CHECK(offered_by_bash("leat-agent", script, "probe --j") == "--json ");
    CHECK(offered_by_bash("leat-agent", script, "''").starts_with("run probe test "));
}

TEST_CASE("no option is offered that its verb does not take") {
    const support::TemporaryFolder folder;
    for (const std::string program : kPrograms) {
        const auto script = folder.write(program, printed(program, {"completion", "bash"}));
        std::istringstream verbs(offered_by_bash(program, script, "''"));
        for (std::string verb; verbs >> verb;) {
            if (verb.starts_with("--")) continue;
            const auto help = printed(program, {verb, "--help"});
            std::istringstream options(offered_by_bash(program, script, verb + " --"));
            for (std::string option; options >> option;) {
                CAPTURE(program + " " + verb + " " + option);
                CHECK(help.find(option) != std::string::npos);
            }
        }
    }
}

TEST_CASE("fish completes, and zsh understands, where they are installed") {
    const support::TemporaryFolder folder;
    for (const std::string program : kPrograms) {
        CAPTURE(program);
        const auto zsh = folder.write("_" + program, printed(program, {"completion", "zsh"}));
        const auto fish = folder.write(program + ".fish", printed(program, {"completion", "fish"}));
        if (!support::find_program("zsh").empty()) {
            const auto ended = run({"zsh", "-f", "-n", zsh});
            CHECK_MESSAGE(ended.exit == 0, ended.said);
        }
        if (support::find_program("fish").empty()) continue;
        const auto offered = [&](const std::string& line) {
            return run({"fish", "--no-config", "-c",
                        fmt::format("source {}; complete -C '{} {}'", fish, program, line)})
                .said;
        };
        CHECK(offered("val").starts_with("validate\t"));
        CHECK(offered("run --co").starts_with("--config"));
        CHECK(offered("completion z") == "zsh\n");
    }
}
