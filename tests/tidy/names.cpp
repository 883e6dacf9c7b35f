#include "tidy/names.hpp"

#include <map>
#include <regex>
#include <utility>

namespace tidy {

namespace {

/// Walks through one file and knows the namespace of each line, as the house writes them.
class Walk {
  public:
    /// The name of the type that the line begins to define; empty when it does not, or where no
    /// other file sees it.
    std::string type_in(const std::string& line) {
        static const std::regex kOpens{R"(^namespace ?([\w:]*) ?\{$)"};
        static const std::regex kType{
            R"(^(?:struct|class|enum class) (\w+)(?: final)?(?: : [^{;]*)? ?\{.*)"};
        std::smatch match;
        if (std::regex_match(line, match, kOpens)) {
            spaces_.push_back(match[1]);
            return {};
        }
        if (line.starts_with("}  // namespace") && !spaces_.empty()) spaces_.pop_back();
        if (!std::regex_match(line, match, kType)) return {};
        std::string name;
        for (const auto& space : spaces_) {
            if (space.empty()) return {};
            name += space + "::";
        }
        return name + match[1].str();
    }

  private:
    std::vector<std::string> spaces_;
};

}  // namespace

std::vector<Finding> check_names(const std::vector<Source>& sources) {
    std::map<std::string, std::string> seen;  // The type, and the file that defines it.
    std::vector<Finding> findings;
    for (const auto& source : sources) {
        Walk walk;
        for (std::size_t i = 0; i < source.lines.size(); ++i) {
            const auto type = walk.type_in(source.lines[i]);
            if (type.empty()) continue;
            const auto [first, is_new] = seen.try_emplace(type, source.path);
            if (is_new || first->second == source.path) continue;
            findings.push_back(
                {source.path, i + 1, type + " is the name of another type in " + first->second});
        }
    }
    return findings;
}

}  // namespace tidy
