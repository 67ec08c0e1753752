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
# Everything but the C library is linked as archives (docs/adr/0049-archives-but-for-the-c-library.md).
foreach(library archive boost_json nettle lzma zstd bz2 z pcre2-8 yaml pugixml)
  string(MAKE_C_IDENTIFIER ${library} name)
  find_library(CUPEL_STATIC_${name} lib${library}.a REQUIRED)
endforeach()
set(CUPEL_ARCHIVE ${CUPEL_STATIC_archive} ${CUPEL_STATIC_nettle} ${CUPEL_STATIC_lzma}
    ${CUPEL_STATIC_zstd} ${CUPEL_STATIC_bz2} ${CUPEL_STATIC_z} -Wl,--gc-sections)

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
# Debian has fmt as a shared library and as headers. The guest program takes the headers.
add_library(cupel_fmt STATIC ${CMAKE_CURRENT_LIST_DIR}/fmt.cpp)
target_compile_features(cupel_fmt PUBLIC cxx_std_20)
target_link_libraries(cupel_options INTERFACE cupel_fmt Threads::Threads)
target_include_directories(cupel_options INTERFACE ${CMAKE_SOURCE_DIR}/src)

file(WRITE ${CMAKE_BINARY_DIR}/pch_anchor.cpp "// SPDX-License-Identifier: Apache-2.0\n")
add_library(cupel_pch STATIC ${CMAKE_BINARY_DIR}/pch_anchor.cpp)
target_link_libraries(cupel_pch PRIVATE cupel_options)
target_precompile_headers(cupel_pch PRIVATE
  <algorithm> <array> <atomic> <chrono> <cstddef> <cstdint> <filesystem> <functional> <map> <memory>
  <mutex> <optional> <set> <span> <string> <string_view> <thread> <unordered_map> <utility>
  <variant> <vector> <fmt/format.h> <tl/expected.hpp>)
