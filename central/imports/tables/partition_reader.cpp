#include "central/imports/tables/partition_reader.hpp"

#include <utility>

#include "base/ensure.hpp"
#include "central/imports/tables/row_query.hpp"

namespace imports::tables {

namespace {

/// Connects when there is something to read; not again after an error.
PartitionReader::Rows read(std::optional<odbc::Connection>& connection, const Source& source,
                           const Partition& partition) {
    if (!connection) {
        auto opened = odbc::Connection::open(source.server);
        if (!opened) return opened.error();
        connection.emplace(std::move(opened).value());
    }
    return read_rows(*connection, source, partition);
}

}  // namespace

PartitionReader::PartitionReader(const Source& source, std::size_t connections) : source_(source) {
    for (std::size_t i = 0; i < connections; ++i) threads_.emplace_back([this] { work(); });
}

PartitionReader::~PartitionReader() {
    {
        const std::lock_guard lock(mutex_);
        is_ending_ = true;
    }
    asked_.notify_all();
    for (auto& thread : threads_) thread.join();
}

void PartitionReader::ask(Partition partition) {
    auto job = std::make_shared<Job>(Job{.partition = std::move(partition)});
    {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(job);
        all_.push_back(std::move(job));
    }
    asked_.notify_one();
}

std::optional<PartitionReader::Rows> PartitionReader::take(base::Duration patience) {
    std::unique_lock lock(mutex_);
    ENSURE(!all_.empty());
    const auto is_read = [&] { return all_.front()->rows.has_value(); };
    if (!read_.wait_for(lock, patience, is_read)) return std::nullopt;
    auto rows = std::move(all_.front()->rows);
    all_.pop_front();
    return rows;
}

void PartitionReader::work() {
    std::optional<odbc::Connection> connection;
    std::unique_lock lock(mutex_);
    for (;;) {
        asked_.wait(lock, [&] { return is_ending_ || !waiting_.empty(); });
        if (is_ending_) return;
        const auto job = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        auto rows = read(connection, source_, job->partition);
        lock.lock();
        job->rows = std::move(rows);
        read_.notify_all();
    }
}

}  // namespace imports::tables
