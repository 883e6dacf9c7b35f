# leat-central: the program around the pipeline and the API. sample.toml travels inside it.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS sample.toml)
file(READ sample.toml LEAT_SAMPLE_CONFIG)
configure_file(embedded.cpp.in embedded.cpp @ONLY)

add_module(central_program BASE_DIR .
  HEADERS checks.hpp config.hpp own_status.hpp presence.hpp service.hpp
  SOURCES checks.cpp config.cpp own_status.cpp presence.cpp service.cpp
    ${CMAKE_CURRENT_BINARY_DIR}/embedded.cpp
  LINKS api base broker central ingest redis sinks wire)

add_program(leat-central SOURCES main.cpp LINKS central_program)
