#include "postgres/database.hpp"

namespace postgres {

base::Result<std::unique_ptr<sql::Database>> open(const Options& /*options*/) {
    return base::Error{base::Fault::misconfigured,
                       "this leat-central was built without libpq and knows no PostgreSQL: install "
                       "libpq-dev and build it again"};
}

base::Result<std::string> name_of(const std::string& /*place*/) {
    return std::string{"postgresql"};
}

bool has_password(const std::string& /*place*/) {
    return false;
}

base::Result<bool> hold(sql::Database& /*database*/, std::string_view /*name*/) {
    return false;
}

base::Status release(sql::Database& /*database*/, std::string_view /*name*/) {
    return base::Done{};
}

}  // namespace postgres
