# Puts the built page into a C++ program. Included from a CMakeLists.txt it defines
#
#   target_dashboard_assets(<target>)
#
# which gives <target> the body of dashboard::assets() (assets.hpp). The source is generated at build
# time, again whenever a file of dist/ changes: by this file, run as a script.
#
# Plain arrays rather than .incbin: they need no assembler dialect, so they cross-compile, ccache
# can keep them, and a hundred kilobytes compile in a fraction of a second.

if(NOT CMAKE_SCRIPT_MODE_FILE)
  set(DASHBOARD_SCRIPT ${CMAKE_CURRENT_LIST_FILE})
  set(DASHBOARD_DIST ${CMAKE_CURRENT_LIST_DIR}/dist)

  function(target_dashboard_assets target)
    # A directory changes when a file comes or goes; CONFIGURE_DEPENDS notices that.
    file(GLOB files CONFIGURE_DEPENDS ${DASHBOARD_DIST}/*)
    set(output ${CMAKE_CURRENT_BINARY_DIR}/dashboard_assets.cpp)
    add_custom_command(OUTPUT ${output}
      COMMAND ${CMAKE_COMMAND} -DDIST=${DASHBOARD_DIST} -DOUTPUT=${output} -P ${DASHBOARD_SCRIPT}
      DEPENDS ${files} ${DASHBOARD_SCRIPT}
      COMMENT "Embedding the dashboard"
      VERBATIM)
    target_sources(${target} PRIVATE ${output})
  endfunction()
  return()
endif()

function(content_type_of name result)
  if(name MATCHES "\\.html$")
    set(type "text/html; charset=utf-8")
  elseif(name MATCHES "\\.js$")
    set(type "text/javascript; charset=utf-8")
  elseif(name MATCHES "\\.css$")
    set(type "text/css; charset=utf-8")
  elseif(name MATCHES "\\.svg$")
    set(type "image/svg+xml")
  elseif(name MATCHES "\\.txt$")
    set(type "text/plain; charset=utf-8")
  else()
    message(FATAL_ERROR "No content type is known for ${name}: add it to assets.cmake")
  endif()
  set(${result} ${type} PARENT_SCOPE)
endfunction()

file(GLOB names RELATIVE ${DIST} ${DIST}/*)
# The page is asked for as "/", which orders before every other path.
list(REMOVE_ITEM names index.html)
list(SORT names)
list(PREPEND names index.html)

set(arrays "")
set(rows "")
set(index 0)
foreach(name IN LISTS names)
  file(READ ${DIST}/${name} hex HEX)
  file(SHA256 ${DIST}/${name} hash)
  string(SUBSTRING ${hash} 0 16 tag)
  content_type_of(${name} type)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
  # Lines of 16 bytes: one line of half a megabyte is slow in editors and in compilers' messages.
  string(REPEAT "....." 16 line)
  string(REGEX REPLACE "(${line})" "\\1\n" bytes "${bytes}")
  if(name STREQUAL "index.html")
    set(path "/")
  else()
    set(path "/${name}")
  endif()
  string(APPEND arrays "constexpr unsigned char kFile${index}[] = {\n${bytes}};\n")
  string(APPEND rows "        {\"${path}\", \"${type}\", text(kFile${index}), \"\\\"${tag}\\\"\"},\n")
  math(EXPR index "${index} + 1")
endforeach()

file(WRITE ${OUTPUT} "// Generated from central/dashboard/dist by assets.cmake.
#include \"central/dashboard/assets.hpp\"

#include <array>
#include <cstddef>

namespace dashboard {
namespace {

${arrays}
template <std::size_t size>
std::string_view text(const unsigned char (&bytes)[size]) {
    return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace

std::span<const http::Asset> assets() {
    static const std::array<http::Asset, ${index}> kAssets{{
${rows}    }};
    return kAssets;
}

}  // namespace dashboard
")
