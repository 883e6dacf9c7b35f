# For the folders of drivers: a new driver is one folder and one add_subdirectory() line.

# add_driver(<kind> HEADERS ... SOURCES ... LINKS ...)
# The library driver_<kind>, with its sample.toml compiled in. Its sources must define
# `DriverKind drivers::<kind>::kind()`; the registry does the rest.
function(add_driver kind)
  cmake_parse_arguments(PARSE_ARGV 1 driver "" "" "HEADERS;SOURCES;LINKS")
  set(sample_file ${CMAKE_CURRENT_SOURCE_DIR}/sample.toml)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${sample_file})
  file(READ ${sample_file} sample)
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/sample.cpp @ONLY CONTENT
"// Generated from sample.toml.
#include <string_view>

namespace drivers::@kind@ {

std::string_view sample();
std::string_view sample() {
    return R\"sample(@sample@)sample\";
}

}  // namespace drivers::@kind@
")
  add_module(driver_${kind}
    HEADERS ${driver_HEADERS}
    SOURCES ${driver_SOURCES} ${CMAKE_CURRENT_BINARY_DIR}/sample.cpp
    LINKS base drivers_core ${driver_LINKS})
  set_property(GLOBAL APPEND PROPERTY LEAT_DRIVERS ${kind})
endfunction()

# Writes the list of kinds that registry.cpp makes its table from. After the last add_driver().
function(register_drivers)
  get_property(kinds GLOBAL PROPERTY LEAT_DRIVERS)
  list(SORT kinds)
  foreach(kind IN LISTS kinds)
    target_link_libraries(drivers PUBLIC driver_${kind})
  endforeach()
  list(TRANSFORM kinds REPLACE "(.+)" "DRIVER(\\1)")
  list(JOIN kinds "\n" lines)
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/generated/drivers/core/kinds.inc @ONLY CONTENT "@lines@\n")
  target_include_directories(drivers PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/generated)
endfunction()
