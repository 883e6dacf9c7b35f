#pragma once

#include <memory>
#include <optional>

#include "base/clock.hpp"
#include "broker/explain.hpp"
#include "broker/finding.hpp"
#include "broker/lookup.hpp"
#include "broker/tls_trial.hpp"

namespace broker {

/// Finds out why a broker cannot be reached, by an attempt of its own beside Paho, which does not
/// tell: the name, the way, the port, the certificates. Step by step, without waiting; ends within
/// the options' connect_timeout. Logs in nowhere.
class Diagnosis {
  public:
    /// `has_timed_out`: Paho's attempt did.
    Diagnosis(PahoOptions options, Address address, bool has_timed_out, base::Instant now);
    ~Diagnosis();
    Diagnosis(const Diagnosis&) = delete;
    Diagnosis& operator=(const Diagnosis&) = delete;

    /// The finding, once there is one.
    std::optional<Finding> step(base::Instant now);

  private:
    std::optional<Finding> reach();
    std::optional<Finding> await();
    std::optional<Finding> begin_tls();
    std::optional<Finding> try_tls(base::Instant now);
    Finding give_up() const;

    PahoOptions options_;
    Address address_;
    bool has_timed_out_;
    base::Instant end_;
    Lookup lookup_;
    int socket_ = -1;
    bool is_connected_ = false;
    std::unique_ptr<TlsTrial> tls_;
};

}  // namespace broker
