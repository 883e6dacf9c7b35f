#include "drivers/serial/text/number.hpp"

#include <doctest/doctest.h>

#include <string>

using drivers::serial::advice_on_comma;

TEST_CASE("a decimal comma is proposed only where a comma can be one") {
    for (const std::string plausible : {"23,4", "23,45", "-0,5", "0,234", "1013,25", "1234,567"}) {
        CAPTURE(plausible);
        CHECK(advice_on_comma(plausible) == plausible + " needs decimal = \",\"");
    }
    CHECK(advice_on_comma("1,234") == "1,234 may be 1234 or 1.234; print it without the comma");
    for (const std::string other :
         {"+0056,1", "1,013.25", "23.4,45", "1,2,3", "0056,1", "-0012,5"}) {
        CAPTURE(other);
        CHECK(advice_on_comma(other).find("decimal") == std::string::npos);
        CHECK(advice_on_comma(other).find("without a comma") != std::string::npos);
    }
}
