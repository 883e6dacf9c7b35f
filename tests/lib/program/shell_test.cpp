#include "program/shell.hpp"

#include <doctest/doctest.h>

#include "support/captured.hpp"

namespace {

struct Config {
    std::string name;
};

base::Result<Config> load(const std::string& file) {
    if (file == "good.toml") return Config{"attic"};
    return base::Error{base::Fault::misconfigured, file + ":1: name is missing"};
}

program::CommandSpec spec() {
    const program::ConfiguredVerbs<Config> configured("/etc/leat/thing.toml", load);
    return {.program = "leat-thing",
            .version = "1.2.3",
            .about = "Does a thing.",
            .verbs = {configured.verb(
                          "run", "Run it",
                          [](const Config& config) { return config.name == "attic" ? 5 : 6; }),
                      configured.validate([](const Config& config) { return config.name; }),
                      program::sample_config_verb("name = \"a\"\n")},
            .examples = "leat-thing run"};
}

struct Outcome {
    int exit_code = -1;
    std::string out;
    std::string err;
};

Outcome run(std::vector<const char*> words) {
    words.insert(words.begin(), "leat-thing");
    const support::Captured out{1};
    const support::Captured err{2};
    const auto exit_code = program::run(spec(), static_cast<int>(words.size()), words.data());
    return {.exit_code = exit_code, .out = out.text(), .err = err.text()};
}

}  // namespace

TEST_SUITE("program/shell") {
    TEST_CASE("a verb works with the configuration, and its exit code is the program's") {
        CHECK(run({"run", "--config", "good.toml"}).exit_code == 5);
    }

    TEST_CASE("a bad configuration ends with 78 and the reason on stderr") {
        for (const auto* verb : {"run", "validate"}) {
            CAPTURE(verb);
            const auto outcome = run({verb});
            CHECK(outcome.exit_code == program::kExitMisconfigured);
            CHECK(outcome.err == "/etc/leat/thing.toml:1: name is missing\n");
            CHECK(outcome.out.empty());
        }
    }

    TEST_CASE("validate says what is configured") {
        const auto outcome = run({"validate", "--config", "good.toml"});
        CHECK(outcome.exit_code == program::kExitOk);
        CHECK(outcome.out == "good.toml is good: attic\n");
    }

    TEST_CASE("every program prints its sample, its manual and its completions") {
        CHECK(run({"sample-config"}).out == "name = \"a\"\n");
        CHECK(run({"man"}).out.find(".SH NAME\n") != std::string::npos);
        CHECK(run({"completion", "fish"}).out.find("-a completion") != std::string::npos);
        CHECK(run({"completion", "tcsh"}).exit_code == program::kExitUsage);
        CHECK(run({}).exit_code == program::kExitUsage);
    }
}
