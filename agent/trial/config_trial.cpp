#include "agent/trial/config_trial.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <filesystem>

#include "base/json.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

namespace agent {

namespace {

using base::Done;

/// The states as the mark spells them; `idle` is never written.
constexpr std::array<const char*, 5> kStates{"", "proposed", "running", "confirmed", "rolled_back"};

std::string real_path(const std::string& path) {
    std::error_code error;
    const auto real = std::filesystem::canonical(path, error);
    return error ? path : real.string();
}

std::string text_of(const base::Json& json, const char* name) {
    const auto* found = json.find(name);
    return found != nullptr ? found->string : std::string{};
}

std::uint64_t hex_of(const std::string& text) {
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number, 16);
    return number;
}

}  // namespace

ConfigTrial::ConfigTrial(const std::string& config_path, disk::Files& files)
    : path_(real_path(config_path)), files_(files) {}

std::string ConfigTrial::begin() {
    file_ = path_;
    if (!read_mark()) {
        forget();
    } else if (state_ == State::proposed) {
        start_candidate();
    } else if (state_ == State::running) {
        roll_back("the agent ended before the centre had acknowledged anything");
    } else if (state_ == State::rolled_back) {
        drop(candidate());
    } else if (const auto promoted = promote(); !promoted) {
        base::log_error("the confirmed configuration is not in its place yet",
                        {{"reason", promoted.error().detail}});
        file_ = candidate();
    }
    return file_;
}

/// Notes the attempt before it begins, so that there is no second one, whatever ends it.
void ConfigTrial::start_candidate() {
    const auto there = files_.read(candidate());
    if (!there || !there.value()) return roll_back("the candidate is gone");
    if (const auto noted = write_mark(State::running); !noted) {
        return roll_back(noted.error().detail);
    }
    file_ = candidate();
    base::log_warn("a new configuration is on trial",
                   {{"transaction", request_.transaction},
                    {"confirm_within_s", request_.confirm_within / std::chrono::seconds{1}}});
}

base::Status ConfigTrial::propose(const Request& request) {
    request_ = request;
    why_.clear();
    if (auto laid = files_.write(candidate(), request.config, path_); !laid) return laid;
    auto marked = write_mark(State::proposed);
    if (!marked) forget();
    return marked;
}

base::Status ConfigTrial::confirm() {
    if (state_ == State::running) {
        // From here on the new file counts, even if it is not in its place yet.
        if (auto marked = write_mark(State::confirmed); !marked) return marked;
    }
    base::log_info("the new configuration is confirmed", {{"transaction", request_.transaction}});
    return promote();
}

base::Status ConfigTrial::promote() {
    const auto there = files_.read(candidate());
    if (!there) return there.error();
    if (there.value()) {
        const auto old = files_.read(path_);
        if (!old) return old.error();
        if (old.value()) {
            auto kept = files_.write(path_ + ".previous", *old.value(), path_);
            if (!kept) return kept;
        }
        if (auto placed = files_.rename(candidate(), path_); !placed) return placed;
    }
    file_ = path_;
    return Done{};
}

void ConfigTrial::roll_back(const std::string& why) {
    base::log_error("the new configuration is rolled back",
                    {{"transaction", request_.transaction}, {"reason", why}});
    why_ = base::shortened(why, kDetailBytesMax);
    // If this mark cannot be written, the old one still says that the file was tried, with the same
    // result.
    if (const auto marked = write_mark(State::rolled_back); !marked) {
        base::log_error("the roll-back cannot be noted", {{"reason", marked.error().detail}});
    }
    state_ = State::rolled_back;
    drop(candidate());
}

std::optional<Response> ConfigTrial::outcome() const {
    if (state_ == State::confirmed) return ok();
    if (state_ == State::rolled_back) return refusal(Reason::rolled_back, why_);
    return std::nullopt;
}

void ConfigTrial::forget_outcome() {
    // Keeps a confirmed file until it is in its place.
    if (state_ == State::confirmed && !promote()) return;
    forget();
}

void ConfigTrial::forget() {
    state_ = State::idle;
    drop(mark());
    drop(candidate());
}

void ConfigTrial::drop(const std::string& path) {
    if (const auto removed = files_.remove(path); !removed) {
        base::log_warn("a file of a trial cannot be removed", {{"reason", removed.error().detail}});
    }
}

base::Status ConfigTrial::write_mark(State state) {
    base::JsonWriter json;
    json.begin_object().member("v", 1);
    json.member("state", kStates.at(static_cast<std::size_t>(state)));
    json.member("transaction", request_.transaction);
    json.member("digest", fmt::format("{:016x}", request_.digest));
    json.member("confirm_within_ms", request_.confirm_within.count()).member("why", why_);
    auto written = files_.write(mark(), json.end_object().take() + "\n", path_);
    if (written) state_ = state;
    return written;
}

/// False when there is none, or none that can be read: then the configuration file counts.
bool ConfigTrial::read_mark() {
    state_ = State::idle;
    const auto text = files_.read(mark());
    if (!text || !text.value()) return false;
    const auto json = base::parse_json(*text.value());
    if (!json) {
        base::log_error("the mark of a trial is damaged; the configuration file counts",
                        {{"reason", json.error().detail}});
        return false;
    }
    const auto word = text_of(json.value(), "state");
    for (std::size_t i = 1; i < kStates.size(); ++i) {
        if (word == kStates.at(i)) state_ = static_cast<State>(i);
    }
    request_ = {};
    request_.verb = Verb::config;
    request_.transaction = text_of(json.value(), "transaction");
    request_.digest = hex_of(text_of(json.value(), "digest"));
    const auto* within = json.value().find("confirm_within_ms");
    const bool is_whole = within != nullptr && within->is_count();
    request_.confirm_within = base::Duration{is_whole ? within->count() : 0};
    why_ = text_of(json.value(), "why");
    return state_ != State::idle && !request_.transaction.empty();
}

}  // namespace agent
