# cupel_embed(TARGET FUNCTION f NAMESPACE n HEADER h FOLDER d FILES ...): compiles text files into TARGET.
# The generated source defines what HEADER declares: `std::vector<RecipeFile> FUNCTION()`.
# As a script (-D variables) this file is also the generator.
if(CMAKE_SCRIPT_MODE_FILE)
  set(body "")
  string(REPLACE " " ";" FILES "${FILES}")
  foreach(name IN LISTS FILES)
    file(READ ${FOLDER}/${name} text)
    string(APPEND body "      {R\"cupel(${name})cupel\", R\"cupel(${text})cupel\"},\n")
  endforeach()
  file(WRITE ${OUTPUT}
    "// SPDX-License-Identifier: Apache-2.0\n#include \"${HEADER}\"\n\nnamespace ${NAMESPACE} {\n\n"
    "std::vector<RecipeFile> ${FUNCTION}() {\n  return {\n${body}  };\n}\n\n}  // namespace ${NAMESPACE}\n")
  return()
endif()

set(CUPEL_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})
function(cupel_embed target)
  cmake_parse_arguments(arg "" "FUNCTION;NAMESPACE;HEADER;FOLDER" "FILES" ${ARGN})
  set(output ${CMAKE_BINARY_DIR}/generated/${arg_FUNCTION}.cpp)
  set(folder ${CMAKE_SOURCE_DIR}/src/${arg_FOLDER})
  set(depends ${arg_FILES})
  list(TRANSFORM depends PREPEND ${folder}/)
  string(REPLACE ";" " " files "${arg_FILES}")
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} "-DFILES=${files}" -DFOLDER=${folder} -DOUTPUT=${output}
            -DFUNCTION=${arg_FUNCTION} -DNAMESPACE=${arg_NAMESPACE} -DHEADER=${arg_HEADER}
            -P ${CUPEL_EMBED_SCRIPT}
    DEPENDS ${depends} ${CUPEL_EMBED_SCRIPT} VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
