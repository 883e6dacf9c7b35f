// Goal: a file has its name when it is whole, or not at all, whatever was there before.
#include "central/files/whole_file.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "support/temporary_folder.hpp"

using files::WholeFile;

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
        WholeFile file{path};
        REQUIRE(file.begin());
        REQUIRE(file.add("new"));
        CHECK(text_of(path) == "old");
        REQUIRE(file.finish());
        CHECK(text_of(path) == "new");
    }
    CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("a file that nobody finishes leaves nothing, nor what SQLite put beside it") {
    const support::TemporaryFolder folder;
    {
        WholeFile file{folder.file("out.db")};
        REQUIRE(file.begin());
        REQUIRE(file.add("half"));
        folder.write("out.db.part-journal", "rest");
    }
    CHECK(files_in(folder.path()) == 0);
}

TEST_CASE("what a killed one left is replaced, and a link in its place is not followed") {
    const support::TemporaryFolder folder;
    const auto other = folder.write("other", "precious");
    std::filesystem::create_symlink(other, folder.file("out.csv.part"));
    WholeFile file{folder.file("out.csv")};
    REQUIRE(file.begin());
    REQUIRE(file.add("new"));
    REQUIRE(file.finish());
    CHECK(text_of(other) == "precious");
    CHECK(text_of(folder.file("out.csv")) == "new");
}

TEST_CASE("what cannot be written is told with its name") {
    const support::TemporaryFolder folder;
    WholeFile file{folder.file("none/out.csv")};
    const auto begun = file.begin();
    REQUIRE_FALSE(begun);
    CHECK(begun.error().detail.find("none/out.csv.part: No such file") != std::string::npos);
}

TEST_CASE("what a link leads to is replaced, and no folder or device is") {
    const support::TemporaryFolder folder;
    const auto path = folder.write("out.csv", "old");
    std::filesystem::create_symlink(path, folder.file("link"));
    CHECK(files::replaceable(folder.file("link")).value() ==
          std::filesystem::canonical(path).string());
    CHECK(files::replaceable(folder.file("new")).value() == folder.file("new"));
    for (const auto& bad : {std::string{"/dev/null"}, folder.path().string()}) {
        const auto refused = files::replaceable(bad);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().fault == base::Fault::misconfigured);
    }
}
