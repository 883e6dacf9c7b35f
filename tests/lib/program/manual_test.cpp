#include "program/manual.hpp"

#include <doctest/doctest.h>

#include "program/completion.hpp"

namespace {

const program::CommandSpec kSpec{
    .program = "leat-thing",
    .version = "1.2.3",
    .about = "Does a thing.",
    .verbs = {{.name = "run",
               .help = "Run it",
               .options = {{.name = "config",
                            .help = "The file's name",
                            .fallback = "/etc/leat/thing.toml"},
                           {.name = "colour", .help = "Which", .fallback = "red", .words = {"red"}},
                           {.name = "once", .help = "Stop", .fallback = {}, .is_flag = true}}},
              {.name = "show",
               .help = "Show [it]: all",
               .options = {{.name = "what",
                            .help = "What",
                            .fallback = "",
                            .is_positional = true,
                            .words = {"this", "that"}}}}},
    .examples = "leat-thing run --config my.toml",
    .manual = {{.title = "FORMAT", .text = ".dot 'quote \\ 4.7 kΩ"},
               {.title = "DESCRIPTION", .text = "First.", .items = {}, .sample = "a\n.b\n'c\n"}},
    .date = "2026-01-31"};

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_SUITE("program/manual") {
    TEST_CASE("the page shows every verb and option, and the sections besides") {
        const auto page = program::manual_page(kSpec);
        CHECK(page.starts_with(
            ".TH LEAT\\-THING 1 \"2026-01-31\" \"leat 1.2.3\" \"leat\"\n.SH NAME\n"));
        CHECK(has(page,
                  "\\fBleat\\-thing\\fR \\fBrun\\fR [\\fB\\-\\-config\\fR \\fIconfig\\fR] "
                  "[\\fB\\-\\-colour\\fR red] [\\fB\\-\\-once\\fR]\n"));
        CHECK(has(page, "\\fBleat\\-thing\\fR \\fBshow\\fR this|that\n"));
        CHECK(has(page, ".TP\n\\fBrun\\fR\nRun it.\n"));
        CHECK(has(page, "Default: /etc/leat/thing.toml\n"));
        CHECK(has(page, ".SH EXIT STATUS\n"));
        CHECK(has(page, ".SH FILES\n.TP\n\\fB/etc/leat/thing.toml\\fR\n"));
        CHECK(page.find(".SH DESCRIPTION") < page.find(".SH COMMANDS"));
        CHECK(page.find(".SH COMMANDS") < page.find(".SH FORMAT"));
    }

    TEST_CASE("text is printed as it is, whatever it means to roff") {
        const auto page = program::manual_page(kSpec);
        CHECK(has(page, "\\&.dot 'quote \\e 4.7 k\\[u03A9]\n"));
        CHECK(has(page, ".nf\na\n\\&.b\n\\&'c\n.fi\n"));
    }

    TEST_CASE("a completion quotes what its shell would read") {
        CHECK(has(program::completion_of(kSpec, "zsh"), "'show:Show \\[it\\]\\: all'"));
        CHECK(has(program::completion_of(kSpec, "zsh"),
                  "'--config[The file'\\''s name]:config:_files'"));
        CHECK(has(program::completion_of(kSpec, "fish"), "-d 'The file'\\''s name'"));
        CHECK(has(program::completion_of(kSpec, "fish"), "-l colour -d 'Which' -x -a 'red'"));
        CHECK(has(program::completion_of(kSpec, "bash"),
                  "    run:--colour) _leat_thing_words 'red' ;;"));
    }
}
