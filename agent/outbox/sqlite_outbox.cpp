#include "agent/outbox/sqlite_outbox.hpp"

#include "agent/outbox/sqlite_store.hpp"
#include "base/ensure.hpp"

namespace agent {

using base::Result;
using base::Status;

Result<std::unique_ptr<SqliteOutbox>> SqliteOutbox::open(SqliteOutboxOptions options) {
    ENSURE(options.quota >= kQuotaMin);
    auto store = std::make_unique<Store>(std::move(options));
    if (auto opened = store->open(); !opened) return opened.error();
    return std::unique_ptr<SqliteOutbox>(new SqliteOutbox(std::move(store)));
}

SqliteOutbox::SqliteOutbox(std::unique_ptr<Store> store) : store_(std::move(store)) {}
SqliteOutbox::~SqliteOutbox() = default;

Status SqliteOutbox::append(const Flush& flush) {
    return store_->append(flush);
}

Status SqliteOutbox::reserve(std::uint64_t upto) {
    return store_->reserve(upto);
}

Result<std::vector<StoredRecord>> SqliteOutbox::read(std::uint64_t after, std::size_t records_max,
                                                     std::size_t bytes_max) const {
    return store_->read(after, records_max, bytes_max);
}

Result<std::optional<wire::ChainHash>> SqliteOutbox::hash_at(std::uint64_t seq) const {
    return store_->hash_at(seq);
}

Status SqliteOutbox::fork(std::uint64_t stored_upto) {
    return store_->fork(stored_upto);
}
Extent SqliteOutbox::extent() const {
    return store_->extent();
}

std::uint64_t SqliteOutbox::bytes_after(std::uint64_t seq) const {
    return store_->bytes_after(seq);
}

std::optional<std::string> SqliteOutbox::position(const std::string& sensor) const {
    return store_->position(sensor);
}

std::uint64_t SqliteOutbox::damaged() const {
    return store_->damaged();
}
std::uint64_t SqliteOutbox::reopened() const {
    return store_->reopened();
}

}  // namespace agent
