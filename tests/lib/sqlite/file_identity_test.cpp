#include "sqlite/file_identity.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "support/temporary_folder.hpp"

TEST_CASE("a file is lost when it is removed, renamed or replaced, and not when it changes") {
    const support::TemporaryFolder folder;
    const auto path = folder.write("file", "a");
    const sqlite::FileIdentity identity(path);
    CHECK_FALSE(identity.is_lost());
    folder.write("file", "another content");
    CHECK_FALSE(identity.is_lost());
    std::filesystem::rename(path, folder.file("elsewhere"));
    CHECK(identity.is_lost());
    folder.write("file", "a");
    CHECK(identity.is_lost());
    std::filesystem::rename(folder.file("elsewhere"), path);
    CHECK_FALSE(identity.is_lost());
    std::filesystem::remove(path);
    CHECK(identity.is_lost());
}

TEST_CASE("a file that was never there is not lost") {
    const support::TemporaryFolder folder;
    const sqlite::FileIdentity identity(folder.file("file"));
    CHECK_FALSE(identity.is_lost());
    folder.write("file", "a");
    CHECK_FALSE(identity.is_lost());
}
