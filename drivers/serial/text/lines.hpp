#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace drivers::serial {

/// A line without its end.
struct Line {
    std::string text;

    /// Its beginning may be missing: it is the first one of a connection, or follows noise.
    bool torn = false;

    bool operator==(const Line&) const = default;
};

/// Cuts a stream of bytes into lines, in whatever pieces it comes. Knows no port and no clock. The
/// colours of a terminal are left out; any other command to one ends a line. A control byte is
/// noise: what came before it in its line is dropped, what follows is torn.
class Lines {
  public:
    static constexpr std::size_t kLineBytesMax = 2048;

    /// What did not become a line.
    struct Losses {
        std::size_t noise_bytes = 0;
        std::size_t overlong_lines = 0;

        bool operator==(const Losses&) const = default;
    };

    /// The lines that end within these bytes, without empty ones.
    std::vector<Line> feed(std::string_view bytes);

    /// A new connection begins: drops the line that the old one left unfinished.
    void reset();

    /// The losses since the last call.
    Losses take_losses();

  private:
    void add(char c, std::vector<Line>& lines);
    bool add_to_escape(char c, std::vector<Line>& lines);
    void end_line(std::vector<Line>& lines);
    void drop_begun();

    Line begun_{.text = {}, .torn = true};
    bool overlong_ = false;  // Dropping until the line ends.
    std::string escape_;     // A command to a terminal that has begun: "\x1b[0;32".
    Losses losses_;
};

}  // namespace drivers::serial
