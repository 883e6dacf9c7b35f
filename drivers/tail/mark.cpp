#include "drivers/tail/mark.hpp"

#include <algorithm>

#include "drivers/tables/csv.hpp"
#include "wire/identity.hpp"

namespace drivers::tail {

namespace {

base::Result<bool> has(const DataFile& file, std::uint64_t from, std::uint64_t length,
                       std::uint64_t hash) {
    if (length == 0) return true;
    const auto bytes = file.bytes(from, static_cast<std::uint32_t>(length));
    if (!bytes) return bytes.error();
    return bytes.value().size() == length && wire::fnv1a64(bytes.value()) == hash;
}

}  // namespace

base::Result<Mark> Mark::of(const DataFile& file, std::uint64_t offset) {
    const auto length = static_cast<std::uint32_t>(std::min<std::uint64_t>(offset, kMarkBytesMax));
    Mark mark;
    for (auto* part : {&mark.head_, &mark.tail_}) {
        auto bytes = file.bytes(part == &mark.head_ ? 0 : offset - length, length);
        if (!bytes) return bytes.error();
        *part = std::move(bytes).value();
        if (part->size() == length) continue;
        return base::Error{base::Fault::transient, file.path() + ": is shorter than it was"};
    }
    return mark;
}

void Mark::add(std::string_view bytes) {
    head_.append(bytes.substr(0, kMarkBytesMax - head_.size()));
    tail_.append(bytes);
    tail_.erase(0, tail_.size() - std::min(tail_.size(), kMarkBytesMax));
}

void Mark::write_to(Position& position) const {
    position.head_bytes = head_.size();
    position.head = wire::fnv1a64(head_);
    position.tail_bytes = tail_.size();
    position.tail = wire::fnv1a64(tail_);
}

base::Result<bool> holds(const DataFile& file, const Position& position) {
    auto head = has(file, 0, position.head_bytes, position.head);
    if (!head || !head.value()) return head;
    return has(file, position.offset - position.tail_bytes, position.tail_bytes, position.tail);
}

base::Result<std::uint64_t> last_line_of(const DataFile& file, std::uint64_t size) {
    const auto from = size - std::min<std::uint64_t>(size, tables::kRowBytesMax);
    const auto end = file.bytes(from, static_cast<std::uint32_t>(size - from));
    if (!end) return end.error();
    const auto newline = end.value().rfind('\n');
    if (newline != std::string::npos) return from + newline + 1;
    return from == 0 ? 0 : size;
}

}  // namespace drivers::tail
