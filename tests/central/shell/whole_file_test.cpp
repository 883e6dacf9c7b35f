#include "central/shell/whole_file.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <iterator>

#include "support/temporary_folder.hpp"

using shell::WholeFile;

namespace {

std::string text_of(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

std::ptrdiff_t files_in(const std::filesystem::path& folder) {
    return std::distance(std::filesystem::directory_iterator{folder}, {});
}

}  // namespace

TEST_CASE("a file appears when it is whole, and an old one stays until then") {
    const support::TemporaryFolder folder;
    const auto path = folder.write("out.csv", "old");
    {
        auto file = WholeFile::create(path);
        REQUIRE(file);
        auto whole = std::move(file).value();
        REQUIRE(whole.write("new"));
        CHECK(text_of(path) == "old");
        REQUIRE(whole.finish());
        CHECK(text_of(path) == "new");
    }
    CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("a file that nobody finishes leaves nothing") {
    const support::TemporaryFolder folder;
    {
        auto file = WholeFile::create(folder.file("out.csv"));
        REQUIRE(file);
        REQUIRE(std::move(file).value().write("half"));
    }
    CHECK(files_in(folder.path()) == 0);
}

TEST_CASE("what a link leads to is replaced, and no folder or device is") {
    const support::TemporaryFolder folder;
    const auto path = folder.write("out.csv", "old");
    std::filesystem::create_symlink(path, folder.file("link"));
    {
        auto file = WholeFile::create(folder.file("link"));
        REQUIRE(file);
        auto whole = std::move(file).value();
        REQUIRE(whole.write("new"));
        REQUIRE(whole.finish());
    }
    CHECK(text_of(path) == "new");
    CHECK(std::filesystem::is_symlink(folder.file("link")));
    for (const auto& bad : {std::string{"/dev/null"}, folder.path().string()}) {
        const auto file = WholeFile::create(bad);
        REQUIRE_FALSE(file);
        CHECK(file.error().fault == base::Fault::misconfigured);
    }
    CHECK_FALSE(WholeFile::create(folder.file("none/out.csv")));
}
