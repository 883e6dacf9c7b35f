#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "central/engine/changes.hpp"
#include "central/http/problem.hpp"
#include "central/shell/question.hpp"

namespace shell {

/// A problem of the API, as an error for who wrote the options that it calls parameters.
base::Error error_of(const http::Problem& problem);

/// "attic" and "attic/climate.temperature" as they stand behind a verb.
std::vector<std::string> words_of(const std::string& text);

/// The series that a word means: all of a node, or one. Misconfigured, with the nearest name, when
/// there is no such node or series.
base::Result<std::vector<engine::SeriesRow>> series_of(const api::Facts& facts,
                                                       const std::string& word);

/// The same of all words, each series once and in the order of the words; all series without words.
base::Result<std::vector<engine::SeriesRow>> series_of_all(const api::Facts& facts,
                                                           const std::vector<std::string>& words);

/// The time that an option names. Misconfigured, with what can be written, when it is none.
base::Result<base::EventTime> time_of(const Question& question, const std::string& option);

/// A number of rows; `fallback` when nothing is said.
base::Result<std::size_t> parse_limit(const std::string& text, std::size_t fallback);

/// The one series of that id. Of a node alone it says which series it has.
base::Result<engine::SeriesRow> one_series(const api::Facts& facts, const std::string& id);

}  // namespace shell
