#pragma once

#include <string>

namespace agent_test {

/// While one lives, nobody in this program can look at the file of this name: the disk answers
/// with an error, not that it is missing. It can be opened.
class HiddenName {
  public:
    explicit HiddenName(std::string path);
    ~HiddenName();
    HiddenName(const HiddenName&) = delete;
    HiddenName& operator=(const HiddenName&) = delete;

    /// How often somebody tried.
    static int looked();
};

}  // namespace agent_test
