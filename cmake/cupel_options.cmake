# Compiler options, the precompiled header and the libraries that every folder sees.

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # The precompiled header makes ccache miss unless these are relaxed; both are ccache's own advice.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
endif()

find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
# libarchive is linked as archive, of which only the formats that are used remain: the shared one
# brings libxml2, ICU and others, whose loading takes longer than most of cupel's commands.
find_library(CUPEL_STATIC_ARCHIVE libarchive.a REQUIRED)
foreach(library nettle lzma zstd bz2 z)
  find_library(CUPEL_LIBRARY_${library} ${library} REQUIRED)
endforeach()
set(CUPEL_NETTLE ${CUPEL_LIBRARY_nettle})
set(CUPEL_ARCHIVE ${CUPEL_STATIC_ARCHIVE} ${CUPEL_NETTLE} ${CUPEL_LIBRARY_lzma}
    ${CUPEL_LIBRARY_zstd} ${CUPEL_LIBRARY_bz2} ${CUPEL_LIBRARY_z} -Wl,--gc-sections)
find_package(Boost 1.81 REQUIRED COMPONENTS json)

add_library(cupel_options INTERFACE)
target_compile_options(cupel_options INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 raises these out of its own inlining of std::string and std::variant;
  # clang and the sanitizers look for the real ones.
  target_compile_options(cupel_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess
    -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread -Wno-maybe-uninitialized -Wno-restrict>)
endif()
if(CUPEL_STRICT)
  target_compile_options(cupel_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Werror>)
endif()
if(CUPEL_SANITIZE)
  add_compile_options(-fsanitize=${CUPEL_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${CUPEL_SANITIZE})
  if(CUPEL_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
endif()
# The guest program alone takes fmt header-only: it is static, and Debian has no static libfmt.
target_link_libraries(cupel_options INTERFACE fmt::fmt Threads::Threads)
target_include_directories(cupel_options INTERFACE ${CMAKE_SOURCE_DIR}/src)

file(WRITE ${CMAKE_BINARY_DIR}/pch_anchor.cpp "// SPDX-License-Identifier: Apache-2.0\n")
add_library(cupel_pch STATIC ${CMAKE_BINARY_DIR}/pch_anchor.cpp)
target_link_libraries(cupel_pch PRIVATE cupel_options)
target_precompile_headers(cupel_pch PRIVATE
  <algorithm> <array> <atomic> <chrono> <cstddef> <cstdint> <filesystem> <functional> <map> <memory>
  <mutex> <optional> <set> <span> <string> <string_view> <thread> <unordered_map> <utility>
  <variant> <vector> <fmt/format.h> <tl/expected.hpp>)
