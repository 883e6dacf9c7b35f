#include "agent/commands/request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/settings.hpp"
#include "wire/identity.hpp"

namespace agent {

namespace {

using namespace std::chrono_literals;
using base::Duration;
using base::Error;
using base::Fault;

struct Word {
    Verb verb;
    const char* text;
    std::vector<std::string> arguments;  // Beside `transaction` and `expires`.
};

const std::vector<Word>& words() {
    static const std::vector<Word> kWords{
        {Verb::ping, "ping", {}},
        {Verb::read, "read", {"sensor", "within"}},
        {Verb::flush, "flush", {}},
        {Verb::status, "status", {}},
        {Verb::log_level, "log-level", {"level", "for"}},
        {Verb::config, "config", {"config", "confirm_within"}},
    };
    return kWords;
}

const Word& word_of(Verb verb) {
    const auto& all = words();
    return *std::find_if(all.begin(), all.end(), [=](const Word& w) { return w.verb == verb; });
}

constexpr std::array<Duration, 3> kWithin{100ms, 5s, 1min};  // Least, default, most.
constexpr std::array<Duration, 3> kLasting{1s, 1h, 24h};
constexpr std::array<Duration, 3> kConfirmWithin{5s, 2min, 1h};

/// Reads the members of a request one by one and keeps the first error.
class Arguments {
  public:
    explicit Arguments(const base::Json& json) : json_(json) {}

    /// Nothing when it is absent or not a text.
    std::optional<std::string> text(const char* name) {
        const auto* found = json_.find(name);
        if (found == nullptr) return std::nullopt;
        if (found->is_string()) return found->string;
        refuse(fmt::format("{} must be a text", name));
        return std::nullopt;
    }

    std::optional<Duration> duration(const char* name, const std::array<Duration, 3>& range) {
        const auto written = text(name);
        if (!written) return std::nullopt;
        const auto parsed = base::parse_duration(*written);
        if (!parsed) {
            refuse(fmt::format("{} = {}", name, parsed.error().detail));
        } else if (parsed.value() < range[0] || parsed.value() > range[2]) {
            refuse(fmt::format("{} = \"{}\" must be {} ms to {} s", name, *written,
                               range[0].count(), range[2] / 1s));
        } else {
            return parsed.value();
        }
        return std::nullopt;
    }

    std::optional<base::EventTime> time(const char* name) {
        const auto* found = json_.find(name);
        if (found == nullptr) return std::nullopt;
        if (found->is_count()) {
            return base::from_milliseconds(static_cast<std::int64_t>(found->count()));
        }
        refuse(fmt::format("{} must be milliseconds since 1970, UTC", name));
        return std::nullopt;
    }

    void refuse_others(const Word& word) {
        auto known = word.arguments;
        known.insert(known.end(), {"transaction", "expires"});
        for (const auto& [key, value] : json_.object) {
            if (std::find(known.begin(), known.end(), key) != known.end()) continue;
            const auto near = base::nearest_word(key.substr(0, kTransactionBytesMax), known);
            refuse(near ? fmt::format("{} does not know this argument; did you mean \"{}\"?",
                                      word.text, *near)
                        : fmt::format("{} knows only: {}", word.text, fmt::join(known, ", ")));
        }
    }

    void refuse(std::string reason) {
        if (reason_.empty()) reason_ = std::move(reason);
    }
    const std::string& reason() const { return reason_; }

  private:
    const base::Json& json_;
    std::string reason_;
};

void read_sensor(Arguments& arguments, Request& request) {
    request.sensor = arguments.text("sensor").value_or("");
    request.within = arguments.duration("within", kWithin).value_or(kWithin[1]);
}

void read_log_level(Arguments& arguments, Request& request) {
    request.lasting = arguments.duration("for", kLasting);
    const auto level = base::parse_log_level(arguments.text("level").value_or(""));
    if (!level) return arguments.refuse("level must be debug, info, warn or error");
    request.level = level.value();
}

void read_config(Arguments& arguments, Request& request) {
    request.config = arguments.text("config").value_or("");
    request.confirm_within =
        arguments.duration("confirm_within", kConfirmWithin).value_or(kConfirmWithin[1]);
    if (request.config.empty()) arguments.refuse("config must hold the whole new file as a text");
}

}  // namespace

std::string_view to_text(Verb verb) {
    return word_of(verb).text;
}

std::optional<Verb> parse_verb(std::string_view word) {
    for (const auto& known : words()) {
        if (known.text == word) return known.verb;
    }
    return std::nullopt;
}

const std::vector<std::string>& verb_words() {
    static const auto kTexts = [] {
        std::vector<std::string> texts;
        for (const auto& word : words()) texts.emplace_back(word.text);
        return texts;
    }();
    return kTexts;
}

base::Result<base::Json> parse_request(std::string_view payload) {
    auto json = base::parse_json(payload,
                                 {.bytes_max = kRequestBytesMax, .depth_max = 3, .values_max = 32});
    if (json && !json.value().is_object()) return Error{Fault::malformed, "not a JSON object"};
    return json;
}

base::Result<std::string> transaction_of(const base::Json& json) {
    const auto* found = json.find("transaction");
    if (found == nullptr || !found->is_string() || found->string.empty() ||
        found->string.size() > kTransactionBytesMax) {
        return Error{Fault::malformed,
                     fmt::format("transaction must be a text of 1 to {} bytes, new for every "
                                 "request",
                                 kTransactionBytesMax)};
    }
    return found->string;
}

base::Result<Request> read_request(Verb verb, const base::Json& json) {
    auto transaction = transaction_of(json);
    if (!transaction) return transaction.error();
    Request request;
    request.verb = verb;
    request.transaction = std::move(transaction).value();
    Arguments arguments(json);
    request.expires = arguments.time("expires");
    if (verb == Verb::read) read_sensor(arguments, request);
    if (verb == Verb::log_level) read_log_level(arguments, request);
    if (verb == Verb::config) read_config(arguments, request);
    arguments.refuse_others(word_of(verb));
    if (!arguments.reason().empty()) return Error{Fault::malformed, arguments.reason()};
    return request;
}

}  // namespace agent
