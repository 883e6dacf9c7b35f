#include "central/views/finding_view.hpp"

#include "central/views/json_values.hpp"

namespace views {

void write_finding(base::JsonWriter& json, const std::string& series,
                   const detect::Finding& finding) {
    json.begin_object().member("series", series);
    json.member("code", detect::to_text(finding.code));
    json.member("severity", detect::to_text(finding.severity));
    json.member("from", base::to_milliseconds(finding.from));
    json.member("to", base::to_milliseconds(finding.to)).key("ended");
    write_time(json, finding.ended);
    json.member("at", base::to_milliseconds(finding.at)).member("value", finding.value);
    json.member("score", finding.score).member("times", std::uint64_t{finding.times});
    json.member("sentence", finding.sentence).key("parameters").begin_object();
    for (const auto& [name, value] : finding.parameters) json.member(name, value);
    json.end_object().end_object();
}

}  // namespace views
