#include "drivers/tables/encoding.hpp"

#include "base/utf8.hpp"

namespace drivers::tables {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kLooksAt = 256;

}  // namespace

std::string encoding_trouble(std::string_view beginning) {
    beginning = beginning.substr(0, kLooksAt);
    const bool marked = beginning.starts_with("\xFF\xFE") || beginning.starts_with("\xFE\xFF");
    if (!marked && beginning.find('\0') == std::string_view::npos) return {};
    return marked ? "is in UTF-16; save it as UTF-8, or convert it: iconv -f UTF-16 -t UTF-8 OLD > "
                    "NEW"
                  : "is no text in UTF-8: there is a zero byte near its beginning";
}

std::size_t byte_order_mark(std::string_view beginning) {
    return beginning.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
}

std::string utf8_of(std::string_view text) {
    if (base::is_utf8(text)) return std::string{text};
    std::string result;
    for (const char c : text) result += base::to_utf8(static_cast<unsigned char>(c));
    return result;
}

}  // namespace drivers::tables
