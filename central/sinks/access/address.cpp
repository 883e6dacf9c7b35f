#include "central/sinks/access/address.hpp"

#include <utility>

#include "postgres/database.hpp"
#include "sqlite/database.hpp"
#include "sqlite/place.hpp"

namespace sinks {

Address Address::server(std::string place, std::string password_file) {
    const auto name = postgres::name_of(place);
    Address address{name ? name.value() : std::string{"postgresql"}};
    address.options_ = std::make_shared<const postgres::Options>(
        postgres::Options{.place = std::move(place), .password_file = std::move(password_file)});
    return address;
}

base::Result<std::unique_ptr<sql::Database>> open_patient(const Address& address) {
    auto options = address.options();
    options.answer_within = std::chrono::hours{12};
    options.lock_within = std::chrono::minutes{10};
    return postgres::open(options);
}

base::Result<std::unique_ptr<sql::Database>> open_database(const Address& address,
                                                           bool is_read_only,
                                                           const std::string& vfs) {
    if (address.is_server()) {
        auto options = address.options();
        options.is_read_only = is_read_only;
        return postgres::open(options);
    }
    const auto& path = address.text();
    if (!is_read_only && vfs.empty()) sqlite::make_private(path);
    auto opened = sqlite::Database::open({.path = path,
                                          .vfs = vfs,
                                          .is_read_only = is_read_only,
                                          .busy_timeout = std::chrono::seconds{2}});
    if (!opened) return opened.error();
    return std::unique_ptr<sql::Database>{
        std::make_unique<sqlite::Database>(std::move(opened).value())};
}

}  // namespace sinks
