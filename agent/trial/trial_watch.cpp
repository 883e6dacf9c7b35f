#include "agent/trial/trial_watch.hpp"

#include <fmt/format.h>

namespace agent {

namespace {

constexpr base::Duration kCheckEvery = std::chrono::seconds{1};

/// An outcome counts as heard when the connection has lived on for this long after it.
constexpr base::Duration kHeardAfter = std::chrono::seconds{10};

}  // namespace

TrialWatch::TrialWatch(ConfigTrial& trial, CommandDesk& desk, const broker::Connection& connection,
                       Check check, base::Instant started)
    : trial_(trial),
      desk_(desk),
      connection_(connection),
      check_(std::move(check)),
      started_(started),
      checked_(started) {
    if (trial_.is_running() || trial_.outcome()) desk_.resume(trial_.request());
    desk_.configure_with([this](const Request& request) { return propose(request); });
}

std::optional<Response> TrialWatch::propose(const Request& request) {
    if (trial_.is_running() || wants_restart_ || trial_.outcome()) {
        return refusal(Reason::busy, "the change before this one is not settled yet");
    }
    const auto checked = check_(request.config);
    if (!checked) return refusal(Reason::invalid_config, checked.error().detail);
    const auto current = trial_.files().read(trial_.config_path());
    if (current && current.value() == request.config) return ok(R"({"changed":false})");
    const auto proposed = trial_.propose(request);
    if (proposed) {
        wants_restart_ = true;
        return std::nullopt;
    }
    const bool is_forbidden = proposed.error().fault == base::Fault::misconfigured;
    return refusal(is_forbidden ? Reason::read_only : Reason::failed, proposed.error().detail);
}

void TrialWatch::tick(ServedNode& node, base::Instant now) {
    if (trial_.is_running() && now - checked_ >= kCheckEvery) watch(node, now);
    if (trial_.outcome() && !wants_restart_) publish_outcome(now);
}

void TrialWatch::watch(const ServedNode& node, base::Instant now) {
    checked_ = now;
    if (node.is_acknowledged()) {
        const auto confirmed = trial_.confirm();
        if (confirmed) return;
        base::log_error("the new configuration cannot be kept yet",
                        {{"reason", confirmed.error().detail}});
    }
    const auto within = trial_.request().confirm_within;
    if (!trial_.is_running() || now - started_ < within) return;
    trial_.roll_back(fmt::format("no acknowledgement from the centre within {} s",
                                 within / std::chrono::seconds{1}));
    wants_restart_ = true;
}

/// Once on every connection, until one has lived long enough to have carried it.
void TrialWatch::publish_outcome(base::Instant now) {
    const auto session = connection_.session();
    if (session == 0) return;
    if (session != published_session_) {
        published_session_ = session;
        published_at_ = now;
        desk_.finish(trial_.request(), *trial_.outcome());
    } else if (now - published_at_ >= kHeardAfter) {
        trial_.forget_outcome();
    }
}

}  // namespace agent
