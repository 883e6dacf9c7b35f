#include "tidy/source.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>

namespace tidy {

namespace {

bool is_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// Replaces what is no code by blanks; keeps line ends, so that places stay the same.
class Blanker {
  public:
    explicit Blanker(std::string_view text) : text_(text), code_(text) {}

    std::string blanked() {
        while (at_ < text_.size()) step();
        return std::move(code_);
    }

  private:
    void step() {
        if (starts("//")) {
            blank_to(text_.find('\n', at_));
        } else if (starts("/*")) {
            blank_to(after("*/", at_ + 2));
        } else if (starts("R\"") && (at_ == 0 || !is_word(text_[at_ - 1]))) {
            blank_raw();
        } else if (text_[at_] == '"') {
            blank_quoted('"');
        } else if (text_[at_] == '\'' && (at_ == 0 || !is_word(text_[at_ - 1]))) {
            blank_quoted('\'');
        } else if (text_[at_] == '#' && begins_line()) {
            blank_directive();
        } else {
            ++at_;
        }
    }
    bool starts(std::string_view what) const { return text_.substr(at_).starts_with(what); }
    std::size_t after(std::string_view what, std::size_t from) const {
        const auto found = text_.find(what, from);
        return found == std::string_view::npos ? found : found + what.size();
    }
    bool begins_line() const {
        const auto before = text_.substr(0, at_).find_last_not_of(" \t");
        return before == std::string_view::npos || text_[before] == '\n';
    }
    void blank_raw() {
        const auto open = text_.find('(', at_);
        if (open == std::string_view::npos) return blank_to(open);
        const auto delimiter = std::string{text_.substr(at_ + 2, open - at_ - 2)};
        blank_to(after(")" + delimiter + "\"", open));
    }
    void blank_quoted(char quote) {
        auto end = at_ + 1;
        while (end < text_.size() && text_[end] != quote && text_[end] != '\n') {
            end += text_[end] == '\\' ? std::size_t{2} : std::size_t{1};
        }
        blank_to(end + 1);
    }
    void blank_directive() {
        auto end = text_.find('\n', at_);
        while (end != std::string_view::npos && text_[end - 1] == '\\') {
            end = text_.find('\n', end + 1);
        }
        blank_to(end);
    }
    void blank_to(std::size_t end) {
        for (end = std::min(end, text_.size()); at_ < end; ++at_) {
            if (code_[at_] != '\n') code_[at_] = ' ';
        }
    }

    std::string_view text_;
    std::string code_;
    std::size_t at_ = 0;
};

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

bool has_word(std::string_view text, std::string_view word) {
    for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        const bool begins = at == 0 || !is_word(text[at - 1]);
        const auto end = at + word.size();
        if (begins && (end == text.size() || !is_word(text[end]))) return true;
    }
    return false;
}

/// Walks over the braces and knows for each what opened it.
class Braces {
  public:
    explicit Braces(const std::vector<std::string>& code) : code_(code) {}

    std::vector<FunctionBody> bodies() {
        for (line_ = 0; line_ < code_.size(); ++line_) {
            for (column_ = 0; column_ < code_[line_].size(); ++column_) take(code_[line_][column_]);
            if (!header_.empty()) header_ += ' ';
        }
        return std::move(bodies_);
    }

  private:
    enum class Kind { container, function, other };
    struct Block {
        Kind kind = Kind::other;
        std::size_t first_line = 0;
        std::string header;
    };

    void take(char c) {
        if (c == '{') {
            open();
        } else if (c == '}') {
            close();
        } else if (c == ';') {
            header_.clear();
        } else if (!header_.empty() || c != ' ') {
            if (header_.empty()) header_line_ = line_;
            header_ += c;
        }
    }
    Kind kind_of_header() const {
        if (header_.starts_with("TEST_SUITE")) return Kind::container;
        if (header_.find('(') == std::string::npos) {
            for (const auto* word : {"namespace", "class", "struct", "union", "enum", "extern"}) {
                if (has_word(header_, word)) return Kind::container;
            }
            return Kind::other;
        }
        const bool outermost = std::all_of(stack_.begin(), stack_.end(), [](const Block& block) {
            return block.kind == Kind::container;
        });
        return outermost ? Kind::function : Kind::other;
    }
    void open() {
        stack_.push_back({.kind = kind_of_header(), .first_line = header_line_, .header = header_});
        header_.clear();
    }
    void close() {
        header_.clear();
        if (stack_.empty()) return;
        const auto block = std::move(stack_.back());
        stack_.pop_back();
        if (block.kind == Kind::function) {
            bodies_.push_back(
                {.first_line = block.first_line + 1, .lines = line_ - block.first_line + 1});
        }
        // `: member_{value}, other_{value} {`: the declaration goes on after an initialiser.
        const auto rest = code_[line_].find_first_not_of(' ', column_ + 1);
        if (rest == std::string::npos) return;
        if (code_[line_][rest] != ',' && code_[line_][rest] != '{') return;
        header_ = block.header;
        header_line_ = block.first_line;
    }

    const std::vector<std::string>& code_;
    std::vector<FunctionBody> bodies_;
    std::vector<Block> stack_;
    std::string header_;
    std::size_t header_line_ = 0;
    std::size_t line_ = 0;
    std::size_t column_ = 0;
};

}  // namespace

Source source_of(std::string path, std::string_view text) {
    return {.path = std::move(path),
            .lines = lines_of(text),
            .code = lines_of(Blanker{text}.blanked())};
}

std::string text_of(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::vector<Source> sources_under(const std::filesystem::path& root, const std::string& folder) {
    std::vector<Source> sources;
    if (!std::filesystem::exists(root / folder)) return sources;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
        const auto extension = entry.path().extension();
        if (extension != ".hpp" && extension != ".cpp") continue;
        const auto path = entry.path().lexically_relative(root).generic_string();
        if (path.find("/node_modules/") != std::string::npos) continue;
        sources.push_back(source_of(path, text_of(entry.path())));
    }
    std::sort(sources.begin(), sources.end(),
              [](const Source& a, const Source& b) { return a.path < b.path; });
    return sources;
}

std::vector<FunctionBody> function_bodies(const Source& source) {
    return Braces{source.code}.bodies();
}

}  // namespace tidy
