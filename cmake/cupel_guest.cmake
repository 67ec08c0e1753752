# The program inside a machine: static, small, and the same in every preset, because machines and
# snapshots depend on its bytes. It compiles its own objects; no sanitizer, no precompiled header.
function(cupel_guest_program)
  cmake_parse_arguments(arg "" "" "SOURCES;LIBRARIES" ${ARGN})
  list(TRANSFORM arg_SOURCES PREPEND ${CMAKE_SOURCE_DIR}/src/)
  add_executable(cupel_guest_program ${arg_SOURCES})
  set_target_properties(cupel_guest_program PROPERTIES
    OUTPUT_NAME cupel-guest
    POSITION_INDEPENDENT_CODE OFF)
  target_include_directories(cupel_guest_program PRIVATE ${CMAKE_SOURCE_DIR}/src)
  target_compile_options(cupel_guest_program PRIVATE
    -fno-sanitize=all -Os -g0 -DNDEBUG -fno-pie -ffunction-sections -fdata-sections
    -fno-asynchronous-unwind-tables
    -DFMT_STATIC_THOUSANDS_SEPARATOR=0x2c)
  target_link_options(cupel_guest_program PRIVATE
    -fno-sanitize=all -static -no-pie -Wl,--gc-sections -Wl,--build-id=none -s)
  target_link_libraries(cupel_guest_program PRIVATE fmt::fmt-header-only ${arg_LIBRARIES})
endfunction()

# Lets SOURCE of the folder FOLDER, and its tests, embed the program's bytes by the macro
# CUPEL_GUEST_FILE.
function(cupel_embed_guest folder source)
  set(path ${CMAKE_SOURCE_DIR}/src/${folder}/${source})
  set_source_files_properties(${path} PROPERTIES
    OBJECT_DEPENDS ${CMAKE_CURRENT_BINARY_DIR}/cupel-guest SKIP_PRECOMPILE_HEADERS ON)
  set_property(SOURCE ${path} APPEND PROPERTY COMPILE_DEFINITIONS
    CUPEL_GUEST_FILE="${CMAKE_CURRENT_BINARY_DIR}/cupel-guest")
  add_dependencies(cupel_${folder} cupel_guest_program)
endfunction()
