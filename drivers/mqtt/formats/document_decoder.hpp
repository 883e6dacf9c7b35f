#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "drivers/mqtt/formats/decoder.hpp"
#include "drivers/mqtt/formats/devices.hpp"
#include "drivers/mqtt/formats/leaves.hpp"
#include "drivers/mqtt/formats/naming.hpp"
#include "drivers/mqtt/formats/sighting.hpp"

namespace drivers::mqtt {

/// A message whose payload is a JSON document, while it is being decoded.
struct DocumentReading {
    const Letter& letter;
    const base::Json& document;
    std::vector<Leaf> leaves;
    Decoded& decoded;
    std::map<std::string, Devices::Found> instead{};  // Of members of `by` that are missing.
    bool is_refused = false;  // Some value lacks what says which device it is of.

    void add(Sighting sighting) { decoded.values.push_back(std::move(sighting)); }
};

/// Decodes documents leaf by leaf, for all formats whose payloads are JSON. What no rule takes is
/// noted, and so is what seems to name another device in each message.
class DocumentDecoder : public Decoder {
  public:
    DocumentDecoder(const Options& options, const NamingRules& rules)
        : options_(options), naming_(options, rules), devices_(options) {}

    Decoded decode(const Letter& letter) final;

  protected:
    /// What became of a leaf.
    enum class Verdict {
        taken,
        left_out,  // Nobody wants it.
        unknown,   // No rule says what it is.
    };

    /// Whether the message can have values at all; others are not even read.
    virtual bool is_wanted(const Letter& /*letter*/) const { return true; }

    /// Whether the document can be one of the format's; else says why not.
    virtual bool is_expected(DocumentReading& reading) const = 0;

    virtual Verdict accept(const Leaf& leaf, DocumentReading& reading) const = 0;

    /// All leaves were accepted.
    virtual void finish(DocumentReading& /*reading*/) const {}

    /// The operator's name for a leaf.
    virtual std::string key_of(const Leaf& leaf) const { return dotted(leaf.path); }

    /// The part of the document that holds the values.
    virtual const base::Json& body_of(const base::Json& document) const { return document; }

    /// Whether the names around a value tell devices apart, so that `by` may say nothing of it.
    virtual bool has_other_names() const { return false; }

    /// Whether the operator ignores the leaf or something around it.
    bool is_ignored(const Leaf& leaf) const;

    /// Which device a value is of. Nothing, and a trouble of the message, when it does not say.
    std::optional<Device> device_of(const Leaf& leaf, DocumentReading& reading) const;

    /// What a leaf says, as a number or a truth.
    Said said(const Leaf& leaf) const { return read_said(leaf.value, options_.decimal_comma); }

    /// What it is as a value of that meaning; what is no number is shown as it came.
    Fit fit_in(const Meaning& meaning, const Leaf& leaf) const;

    /// The same, converted from the unit that the document states.
    Fit fit_of(const Leaf& leaf, Meaning meaning, DocumentReading& reading) const;

    const Options& options() const { return options_; }
    const Naming& naming() const { return naming_; }

  private:
    void refuse(const std::string& missing, const std::string& found,
                DocumentReading& reading) const;
    void note_identities(const std::vector<JsonPath>& holders, DocumentReading& reading) const;

    Options options_;
    Naming naming_;
    Devices devices_;
};

}  // namespace drivers::mqtt
