#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/counters.hpp"
#include "base/reminder.hpp"
#include "central/alerts/core/book.hpp"
#include "central/alerts/core/moment.hpp"
#include "central/alerts/desk/desk.hpp"
#include "central/alerts/dispatch/dispatcher.hpp"
#include "central/alerts/office/line.hpp"
#include "central/alerts/office/lookout.hpp"

namespace alerts {

struct OfficeOptions {
    bool is_enabled = true;
    DeskOptions desk{};
    DispatcherOptions dispatcher{};
    LookoutOptions lookout{};

    /// How often it looks.
    base::Duration every = std::chrono::seconds{1};

    /// The pause after the book could not be read or written.
    base::Duration book_pause = std::chrono::seconds{5};
};

/// The alerts of a central: looks at line and nodes, decides at the desk, keeps the book, and has
/// outputs told. What is in the book survives the program. An alert is written down before it is
/// sent; only while the book cannot be written, as when the database is the trouble, it goes out
/// all the same.
class Office {
  public:
    Office(OfficeOptions options, Book& book, Lookout lookout, Outputs outputs,
           base::Counters& counters);

    void accept(const engine::Changes& committed, base::Instant now);
    void accept_presence(const std::string& node);

    /// One bounded step.
    void tick(const LineStatus& line, Moment now);

    /// Why an output does not get its alerts out, for people; empty when all do.
    const std::string& trouble() const { return output_reminder_.said(); }

    /// Moves out the alerts that changed since the last call, for the live page.
    std::vector<Alert> take_news() { return std::exchange(news_, {}); }

  private:
    bool restore(Moment now);
    void look(const LineStatus& line, Moment now);
    void read_silences(Moment now);
    void spread(Moment now);
    void save(Moment now);
    void count(const Alert& alert);
    void fail(const base::Error& error, base::Instant now);
    void report_troubles(base::Instant now);

    OfficeOptions options_;
    Book& book_;
    Line line_;
    Lookout lookout_;
    Desk desk_;
    Dispatcher dispatcher_;
    bool is_restored_ = false;
    std::optional<base::Instant> looked_at_;
    std::optional<base::Instant> resume_at_;  // With the book.
    std::vector<Silence> silences_;
    std::map<std::string, Alert> unsaved_;
    std::vector<Delivery> unsaved_deliveries_;
    std::vector<Alert> news_;
    base::Reminder reminder_{std::chrono::minutes{10}};
    base::Reminder output_reminder_{std::chrono::minutes{10}};
    base::Counter& opened_;
    base::Counter& closed_;
    base::Counter& refused_;
    base::Counter& dropped_;
    base::Counter& errors_;
    base::Counter& open_;
    base::Counter& waiting_;
};

}  // namespace alerts
