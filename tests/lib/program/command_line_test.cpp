#include "program/command_line.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "program/exit_code.hpp"
#include "support/captured.hpp"

using program::CommandSpec;

namespace {

const CommandSpec kSpec{
    .program = "leat-thing",
    .version = "1.2.3",
    .about = "Does a thing.",
    .verbs = {{.name = "run",
               .help = "Run it.",
               .options =
                   {{.name = "config",
                     .help = "The file.",
                     .fallback = "/etc/leat/thing.toml",
                     .is_flag = false},
                    {.name = "once", .help = "Stop after one.", .fallback = {}, .is_flag = true}}},
              {.name = "validate", .help = "Check the file.", .options = {}}},
    .examples = "leat-thing run --config my.toml"};

struct Outcome {
    program::ParsedCommandLine parsed;
    std::string out;
    std::string err;
};

Outcome parse(std::vector<const char*> words) {
    words.insert(words.begin(), "leat-thing");
    const support::Captured out{1};
    const support::Captured err{2};
    auto parsed = program::parse_command_line(kSpec, static_cast<int>(words.size()), words.data());
    return {.parsed = std::move(parsed), .out = out.text(), .err = err.text()};
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_SUITE("program/command_line") {
    TEST_CASE("a verb comes with a value for each of its options") {
        const auto plain = parse({"run"});
        CHECK_FALSE(plain.parsed.exit_code);
        CHECK(plain.parsed.command.verb == "run");
        CHECK(plain.parsed.command.option("config") == "/etc/leat/thing.toml");
        CHECK_FALSE(plain.parsed.command.flag("once"));
        CHECK(plain.out.empty());
        CHECK(plain.err.empty());

        const auto given = parse({"run", "--config", "my.toml", "--once"});
        CHECK(given.parsed.command.option("config") == "my.toml");
        CHECK(given.parsed.command.flag("once"));
        CHECK(parse({"run", "--config=a.toml"}).parsed.command.option("config") == "a.toml");
        CHECK(parse({"validate"}).parsed.command.options.empty());
    }

    TEST_CASE("help and version end with 0 and go to stdout") {
        const auto help = parse({"--help"});
        CHECK(help.parsed.exit_code == program::kExitOk);
        CHECK(has(help.out, "Does a thing."));
        CHECK(has(help.out, "validate"));
        CHECK(has(help.out, "Examples:\n  leat-thing run --config my.toml"));
        CHECK(help.err.empty());

        const auto version = parse({"--version"});
        CHECK(version.parsed.exit_code == program::kExitOk);
        CHECK(version.out == "leat-thing 1.2.3\n");

        const auto verb = parse({"run", "--help"});
        CHECK(verb.parsed.exit_code == program::kExitOk);
        CHECK(has(verb.out, "--config"));
        CHECK(has(verb.out, "/etc/leat/thing.toml"));
    }

    TEST_CASE("help is a word, too, alone or before a verb") {
        CHECK(parse({"help"}).out == parse({"--help"}).out);
        const auto of_verb = parse({"help", "run"});
        CHECK(of_verb.parsed.exit_code == program::kExitOk);
        CHECK(of_verb.out == parse({"run", "--help"}).out);
        CHECK(parse({"help", "help"}).out == parse({"--help"}).out);
        const auto unknown = parse({"help", "rum"});
        CHECK(unknown.parsed.exit_code == program::kExitUsage);
        CHECK(has(unknown.err, "unknown verb \"rum\"; did you mean \"run\"?"));
    }

    TEST_CASE("what cannot be understood ends with 2 and goes to stderr") {
        const std::vector<std::vector<const char*>> wrong{{},
                                                          {"rum"},
                                                          {"run", "--nonsense"},
                                                          {"run", "--config"},
                                                          {"run", "extra"},
                                                          {"run", "validate"},
                                                          {"run", "--config", "a", "--config", "b"},
                                                          {""},
                                                          {"--nonsense"}};
        for (const auto& words : wrong) {
            CAPTURE(words.size());
            const auto outcome = parse(words);
            CHECK(outcome.parsed.exit_code == program::kExitUsage);
            CHECK(outcome.out.empty());
            CHECK_FALSE(outcome.err.empty());
        }
    }

    TEST_CASE("a missing verb is answered with those that there are") {
        CHECK(parse({}).err ==
              "leat-thing: a verb is missing, one of: run, validate\n"
              "Run with --help for more information.\n");
    }

    TEST_CASE("a misspelt verb is answered with the nearest one") {
        CHECK(has(parse({"rum"}).err, "leat-thing: unknown verb \"rum\"; did you mean \"run\"?\n"));
        CHECK(has(parse({"valdate"}).err, "did you mean \"validate\"?"));
        const auto far = parse({"fly"});
        CHECK(has(far.err, "unknown verb \"fly\""));
        CHECK_FALSE(has(far.err, "did you mean"));
        CHECK_FALSE(has(far.err, "required"));  // One reason, the true one.
    }
}
