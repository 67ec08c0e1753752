# cupel_folder(NAME USES ... SOURCES ... [TESTS ...] [LIBRARIES ...])
#
# One folder of the house is one static library `cupel_NAME` (slashes become underscores).
# USES   folders it may include from; they must be defined already, so that the order of the
#        calls in src/CMakeLists.txt is the floor plan. tools/floors.py checks the includes.
# TESTS  unit tests that live beside their source; they make one program, NAME_test.
function(cupel_folder name)
  cmake_parse_arguments(arg "" "" "USES;SOURCES;TESTS;LIBRARIES" ${ARGN})
  string(REPLACE "/" "_" id ${name})
  set(folder ${CMAKE_SOURCE_DIR}/src/${name})
  list(TRANSFORM arg_SOURCES PREPEND ${folder}/)
  list(TRANSFORM arg_TESTS PREPEND ${folder}/)

  add_library(cupel_${id} STATIC ${arg_SOURCES})
  target_link_libraries(cupel_${id} PUBLIC cupel_options)
  target_precompile_headers(cupel_${id} REUSE_FROM cupel_pch)
  foreach(used IN LISTS arg_USES)
    string(REPLACE "/" "_" used_id ${used})
    if(NOT TARGET cupel_${used_id})
      message(FATAL_ERROR "folder ${name} uses ${used}, which is not below it")
    endif()
    target_link_libraries(cupel_${id} PUBLIC cupel_${used_id})
  endforeach()
  target_link_libraries(cupel_${id} PRIVATE ${arg_LIBRARIES})
  set_property(GLOBAL APPEND PROPERTY CUPEL_FLOORS "${name}:${arg_USES}")
  set_property(GLOBAL PROPERTY CUPEL_SOURCES_${id} "${arg_SOURCES}")

  if(CUPEL_TESTS AND arg_TESTS)
    add_executable(${id}_test ${arg_TESTS})
    target_link_libraries(${id}_test PRIVATE cupel_${id} cupel_test_support)
    target_precompile_headers(${id}_test REUSE_FROM cupel_pch)
    cupel_unit_tests(${id}_test)
  endif()
endfunction()

# Registers a GoogleTest program as one ctest test a suite, labelled `unit`.
function(cupel_unit_tests target)
  if(CUPEL_SANITIZE)  # frames are several times larger, and depth limits are counted in calls
    set(larger_stack prlimit --stack=67108864)
  endif()
  add_test(NAME ${target} COMMAND ${larger_stack} $<TARGET_FILE:${target}> --gtest_brief=1)
  set_tests_properties(${target} PROPERTIES LABELS unit TIMEOUT 120)
endfunction()
