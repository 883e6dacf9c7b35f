#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "central/api/facts.hpp"
#include "central/engine/changes.hpp"
#include "central/http/problem.hpp"

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

/// The one series of that id. Of a node alone it says which series it has.
base::Result<engine::SeriesRow> one_series(const api::Facts& facts, const std::string& id);

}  // namespace shell
