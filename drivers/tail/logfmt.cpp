#include "drivers/tail/logfmt.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "drivers/core/names.hpp"
#include "drivers/tables/csv.hpp"

namespace drivers::tail {

namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

bool is_bare(char c) {
    return !is_blank(c) && c != '=' && c != '"';
}

char unescaped(char c) {
    switch (c) {
        case 'n':
            return '\n';
        case 'r':
            return '\r';
        case 't':
            return '\t';
        default:
            return c;
    }
}

/// Cuts one pair after another off the front of a line.
class Reader {
  public:
    explicit Reader(std::string_view line) : rest_(line) {}

    /// False at the end of the line.
    bool skip_blanks() {
        while (!rest_.empty() && is_blank(rest_.front())) rest_.remove_prefix(1);
        return !rest_.empty();
    }

    base::Status pair(LogfmtPair& pair) {
        pair.key = cut_while(is_bare);
        if (pair.key.empty()) return malformed("a key is missing before");
        if (rest_.empty() || is_blank(rest_.front())) {
            pair.value = "true";
            return base::Done{};
        }
        if (rest_.front() == '"') return malformed("a quote within a key");
        rest_.remove_prefix(1);
        if (rest_.starts_with('"')) return quoted_value(pair.value);
        pair.value = cut_while([](char c) { return !is_blank(c); });
        return base::Done{};
    }

  private:
    template <class Wanted>
    std::string cut_while(Wanted wanted) {
        const auto end = std::find_if_not(rest_.begin(), rest_.end(), wanted);
        std::string cut(rest_.begin(), end);
        rest_.remove_prefix(cut.size());
        return cut;
    }

    base::Status quoted_value(std::string& value) {
        value.clear();
        for (std::size_t i = 1; i < rest_.size(); ++i) {
            if (rest_[i] == '"') return close(i + 1);
            const bool escaped = rest_[i] == '\\' && i + 1 < rest_.size();
            value += escaped ? unescaped(rest_[++i]) : rest_[i];
        }
        return malformed("a quote is not closed");
    }

    base::Status close(std::size_t length) {
        rest_.remove_prefix(length);
        if (rest_.empty() || is_blank(rest_.front())) return base::Done{};
        return malformed("something follows a closing quote");
    }

    base::Error malformed(std::string_view what) const {
        return {base::Fault::malformed, fmt::format("{}: {}", what, shown(rest_))};
    }

    std::string_view rest_;
};

}  // namespace

base::Status read_logfmt(std::string_view line, std::vector<LogfmtPair>& pairs) {
    pairs.clear();
    Reader reader(line);
    while (reader.skip_blanks()) {
        if (pairs.size() == tables::kFieldsMax) {
            return base::Error{base::Fault::malformed, "more pairs than anybody writes"};
        }
        if (auto read = reader.pair(pairs.emplace_back()); !read) return read;
    }
    return base::Done{};
}

}  // namespace drivers::tail
