#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tidy {

/// A file as the rules look at it.
struct Source {
    std::string path;                // From the root of the project, with slashes.
    std::vector<std::string> lines;  // As written.
    std::vector<std::string> code;   // The same lines; comments, texts and directives are blank.
};

Source source_of(std::string path, std::string_view text);

/// Every .hpp and .cpp file under a folder of the project; none when there is no such folder.
std::vector<Source> sources_under(const std::filesystem::path& root, const std::string& folder);

/// The whole text of a file; empty when there is none.
std::string text_of(const std::filesystem::path& path);

/// A block of code that is the body of a function, as far as braces tell.
struct FunctionBody {
    std::size_t first_line = 0;  // From 1; where its declaration begins.
    std::size_t lines = 0;
};
std::vector<FunctionBody> function_bodies(const Source& source);

}  // namespace tidy
