#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "drivers/dht/capture.hpp"
#include "drivers/dht/decode.hpp"

namespace drivers::dht {

namespace {

constexpr const char* kTemperature = "in_temp_input";
constexpr const char* kHumidity = "in_humidityrelative_input";

/// Translates the error numbers of the kernel's driver.
Refusal refusal_of(int error) {
    if (error == ETIMEDOUT) return no_response();
    if (error == EIO) return wrong_checksum();
    if (error == EACCES) return {.reason = "permission"};
    return {.reason = std::generic_category().message(error)};
}

base::Error misconfigured(std::string detail) {
    return {base::Fault::misconfigured, std::move(detail)};
}

}  // namespace

base::Result<std::unique_ptr<Capture>> IioCapture::open(const std::string& root,
                                                        const std::string& device, Model model) {
    std::error_code error;
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(root, error)) {
        const auto name = entry.path().filename().string();
        if (!device.empty() && name != device) continue;
        if (std::filesystem::exists(entry.path() / kHumidity, error)) found.push_back(name);
    }
    if (found.size() == 1) {
        return std::unique_ptr<Capture>(new IioCapture(root + "/" + found.front(), model));
    }
    if (found.empty()) {
        // The kernel's driver may be loaded later than this program.
        return base::Error{base::Fault::transient,
                           fmt::format("no {} that measures humidity in {}: put "
                                       "dtoverlay=dht11,gpiopin=4 into /boot/firmware/config.txt",
                                       device.empty() ? "device" : device, root)};
    }
    return misconfigured(fmt::format(
        "several devices measure humidity: set iio_device to one of {}", fmt::join(found, ", ")));
}

Captured IioCapture::read() {
    const auto temperature = thousandths(kTemperature);
    if (!temperature) return {temperature.refusal(), {}};
    const auto humidity = thousandths(kHumidity);
    if (!humidity) return {humidity.refusal(), {}};
    const Climate climate{.humidity_percent = humidity.value(),
                          .temperature_celsius = temperature.value()};
    if (is_plausible(model_, climate)) return {climate, {}};
    return {implausible(), {}};
}

Attempt<double> IioCapture::thousandths(const std::string& file) const {
    const int fd = ::open((folder_ + "/" + file).c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return refusal_of(errno);
    std::array<char, 32> text{};
    const auto size = ::read(fd, text.data(), text.size());
    const int error = errno;
    ::close(fd);
    if (size < 0) return refusal_of(error);
    int value = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + size, value);
    if (parsed.ec != std::errc{}) return Refusal{.reason = fmt::format("{} is no number", file)};
    return value / 1000.0;
}

}  // namespace drivers::dht
