#include "line/csv_oracle.hpp"

#include <algorithm>
#include <ctime>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace line {

namespace {

std::vector<std::string> split(const std::string& row) {
    std::vector<std::string> fields;
    std::istringstream in(row);
    for (std::string field; std::getline(in, field, ',');) {
        std::erase(field, '"');
        std::erase(field, '\r');
        fields.push_back(field);
    }
    return fields;
}

std::int64_t time_ms(const std::string& text) {
    std::tm parts{};
    if (strptime(text.c_str(), "%Y-%m-%d %H:%M:%S", &parts) == nullptr) {
        throw std::runtime_error("no time: " + text);
    }
    return std::int64_t{timegm(&parts)} * 1000;
}

void add(OracleWindow& window, double value) {
    if (window.count == 0)
        window = {.count = 0, .sum = 0, .min = value, .max = value, .first = value, .last = value};
    window.count += 1;
    window.sum += value;
    window.min = std::min(window.min, value);
    window.max = std::max(window.max, value);
    window.last = value;
}

}  // namespace

CsvOracle compute_oracle(const std::string& file, const std::vector<std::string>& columns) {
    std::ifstream in(file);
    std::string row;
    if (!std::getline(in, row)) throw std::runtime_error("cannot read " + file);
    const auto header = split(row);
    CsvOracle oracle;
    while (std::getline(in, row)) {
        const auto fields = split(row);
        if (fields.size() != header.size() + 1) throw std::runtime_error("odd row: " + row);
        const auto at = time_ms(fields.at(1));
        for (const auto& column : columns) {
            const auto index = std::find(header.begin(), header.end(), column) - header.begin();
            const double value = std::stod(fields.at(static_cast<std::size_t>(index) + 1));
            add(oracle.minutes[column][at - at % 60'000], value);
            add(oracle.hours[column][at - at % 3'600'000], value);
            ++oracle.readings;
        }
    }
    return oracle;
}

}  // namespace line
