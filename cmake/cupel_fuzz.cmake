# cupel_fuzz(NAME FOLDER...): a libFuzzer program from tests/fuzz/NAME.cpp that uses these folders.
# With CUPEL_FUZZ only (preset `fuzz`). Run it on a folder of inputs: build/fuzz/tests/NAME corpus/
function(cupel_fuzz name)
  if(NOT CUPEL_FUZZ)
    return()
  endif()
  add_executable(${name} ${CMAKE_SOURCE_DIR}/tests/fuzz/${name}.cpp)
  list(TRANSFORM ARGN REPLACE "/" "_" OUTPUT_VARIABLE folders)
  list(TRANSFORM folders PREPEND cupel_)
  target_link_libraries(${name} PRIVATE ${folders})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
endfunction()
