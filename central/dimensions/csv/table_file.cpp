#include "central/dimensions/csv/table_file.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "central/dimensions/csv/table.hpp"

namespace dimensions::csv {

base::Result<std::string> read_table_file(const std::string& file) {
    std::error_code ignored;
    if (std::filesystem::is_directory(file, ignored)) {
        return base::Error{base::Fault::misconfigured, file + ": it is a folder"};
    }
    std::ifstream in{file, std::ios::binary};
    if (!in) return base::Error{base::Fault::misconfigured, file + ": " + std::strerror(errno)};
    std::string bytes(kTableBytesMax + 1, '\0');
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(in.gcount()));
    return bytes;
}

}  // namespace dimensions::csv
