#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "central/engine/states/courses.hpp"

namespace engine_test {

/// What a sink would hold of courses.
class MapCourses {
  public:
    using Series = std::pair<std::string, std::string>;  // Its node, and its name.
    using Course = std::map<base::EventTime, engine::Stretch>;

    void commit(const engine::CourseParts& parts) {
        for (const auto& [key, part] : parts) {
            auto& course = courses_[{key.node, key.series}];
            course.erase(course.lower_bound(key.from), course.lower_bound(part.to));
            for (const auto& stretch : part.stretches) course[stretch.from] = stretch;
        }
    }

    std::vector<engine::Stretch> read(const Series& series, base::EventTime from,
                                      base::EventTime to) const {
        std::vector<engine::Stretch> found;
        const auto& course = of(series);
        for (auto it = course.lower_bound(from); it != course.end() && it->first < to; ++it) {
            found.push_back(it->second);
        }
        return found;
    }

    const Course& of(const Series& series) const {
        static const Course kNone;
        const auto known = courses_.find(series);
        return known == courses_.end() ? kNone : known->second;
    }
    bool empty() const { return courses_.empty(); }

  private:
    std::map<Series, Course> courses_;
};

}  // namespace engine_test
