#include "drivers/replay/row_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace drivers::replay {

namespace {

constexpr std::size_t kChunkBytes = 256 * 1024;
static_assert(kChunkBytes > tables::kRowBytesMax);

base::Error misconfigured(const std::string& path, std::string_view why) {
    auto detail = fmt::format("{}: {}", path, why);
    std::error_code error;
    const auto folder = std::filesystem::current_path(error);
    if (!path.starts_with('/') && !error) detail += fmt::format(" (in {})", folder.string());
    return {base::Fault::misconfigured, detail};
}

}  // namespace

base::Result<RowReader> RowReader::open(const std::string& path, char separator,
                                        std::optional<std::uint64_t> bytes_max) {
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (!std::filesystem::exists(status)) {
        return misconfigured(path, error ? error.message() : std::strerror(ENOENT));
    }
    if (!std::filesystem::is_regular_file(status)) return misconfigured(path, "is no regular file");
    auto file = std::make_unique<std::ifstream>(path, std::ios::binary);
    if (!*file) return misconfigured(path, std::strerror(errno));
    const auto size = std::filesystem::file_size(path, error);
    if (error) return misconfigured(path, error.message());
    return RowReader{std::move(file), std::min<std::uint64_t>(size, bytes_max.value_or(size)),
                     separator, bytes_max};
}

RowReader::RowReader(std::unique_ptr<std::ifstream> file, std::uint64_t size, char separator,
                     std::optional<std::uint64_t> bytes_max)
    : file_(std::move(file)), size_(size), separator_(separator), bytes_max_(bytes_max) {}

void RowReader::seek(std::uint64_t offset, std::uint64_t line) {
    file_->clear();
    file_->seekg(static_cast<std::streamoff>(offset));
    buffer_.clear();
    start_ = 0;
    ended_ = false;
    offset_ = offset;
    line_ = line;
    skipped_ = 0;
}

base::Result<std::string> RowReader::bytes(std::uint64_t from, std::size_t length) {
    file_->clear();
    file_->seekg(static_cast<std::streamoff>(from));
    std::string content(length, '\0');
    file_->read(content.data(), static_cast<std::streamsize>(length));
    const bool complete = static_cast<std::size_t>(file_->gcount()) == length;
    seek(offset_, line_);
    if (!complete) return base::Error{base::Fault::transient, "cannot be read"};
    return content;
}

/// Adds the next bytes of the file to the buffer; false when they cannot be read.
bool RowReader::fill() {
    buffer_.erase(0, start_);
    start_ = 0;
    const auto before = buffer_.size();
    const auto at = offset_ + skipped_ + before;
    const auto last = bytes_max_.value_or(at + kChunkBytes);
    const auto wanted = std::min<std::uint64_t>(kChunkBytes, last - std::min(at, last));
    buffer_.resize(before + wanted);
    file_->read(buffer_.data() + before, static_cast<std::streamsize>(wanted));
    buffer_.resize(before + static_cast<std::size_t>(file_->gcount()));
    if (file_->bad() || (file_->fail() && !file_->eof())) {
        seek(offset_, line_);
        return false;
    }
    ended_ = file_->eof() || wanted < kChunkBytes;
    return true;
}

RowReader::Outcome RowReader::give(Row& row, std::size_t length, bool unreadable) {
    const auto text = std::string_view{buffer_}.substr(start_, length);
    row = {.text = text, .line = line_, .unreadable = unreadable};
    line_ += static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
    start_ += length;
    offset_ += skipped_ + length;
    skipped_ = 0;
    return Outcome::row;
}

RowReader::Outcome RowReader::skip_overlong(Row& row) {
    const auto rest = std::string_view{buffer_}.substr(start_);
    const auto newline = rest.find('\n');
    if (newline != std::string_view::npos) return give(row, newline + 1, true);
    if (ended_) return give(row, rest.size(), true);
    skipped_ += rest.size();
    start_ = buffer_.size();
    return fill() ? Outcome::nothing_yet : Outcome::failed;
}

RowReader::Outcome RowReader::next(Row& row) {
    if (skipped_ > 0) return skip_overlong(row);
    auto rest = std::string_view{buffer_}.substr(start_);
    auto length = tables::row_length(rest.substr(0, tables::kRowBytesMax), separator_);
    if (!length && rest.size() < tables::kRowBytesMax && !ended_) {
        if (!fill()) return Outcome::failed;
        rest = std::string_view{buffer_}.substr(start_);
        length = tables::row_length(rest.substr(0, tables::kRowBytesMax), separator_);
    }
    if (length) return give(row, *length, false);
    if (rest.empty()) return Outcome::end;
    if (rest.size() >= tables::kRowBytesMax || rest.find('\n') != std::string_view::npos) {
        return skip_overlong(row);
    }
    // The last line of a file may come without a newline.
    return give(row, rest.size(), false);
}

}  // namespace drivers::replay
