# Headers that most files read, compiled once. They fit targets with the same options alone, -Wpedantic among them; GCC
# says (-Winvalid-pch, which CMake asks for) where they do not.
file(WRITE ${CMAKE_BINARY_DIR}/precompiled.cpp "// Compiled for its precompiled headers alone.\n")

function(settle_add_precompiled name)
  add_library(${name} OBJECT ${CMAKE_BINARY_DIR}/precompiled.cpp)
  target_link_libraries(${name} PRIVATE fmt::fmt nlohmann_json::nlohmann_json Eigen3::Eigen settle_warnings)
  target_precompile_headers(${name} PRIVATE
    <Eigen/Dense> <fmt/format.h> <fmt/ranges.h> ${ARGN}
    <algorithm> <filesystem> <functional> <map> <memory> <optional> <string> <thread> <vector>)
endfunction()

# Of the two, one has JSON: its header makes every file that reads it compile a parser, used or not.
settle_add_precompiled(settle_precompiled)
settle_add_precompiled(settle_precompiled_json <nlohmann/json.hpp>)

# settle_reads_json(target result): whether one of its own files includes a header with json in its name.
function(settle_reads_json target result)
  set(${result} FALSE PARENT_SCOPE)
  get_target_property(sources ${target} SOURCES)
  get_target_property(folder ${target} SOURCE_DIR)
  foreach(source ${sources})
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${folder})
    if(NOT EXISTS ${source} OR NOT source MATCHES "[.]cpp$")
      continue()
    endif()
    file(STRINGS ${source} lines REGEX "#include.*json" LIMIT_COUNT 1)
    if(lines)
      set(${result} TRUE PARENT_SCOPE)
      return()
    endif()
  endforeach()
endfunction()

# settle_precompile(folder): for its targets, and those of the folders in it.
function(settle_precompile folder)
  get_property(targets DIRECTORY ${folder} PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target ${targets})
    get_target_property(type ${target} TYPE)
    get_target_property(own_options ${target} SETTLE_OWN_OPTIONS)
    if(type MATCHES "STATIC_LIBRARY|EXECUTABLE" AND NOT own_options)
      settle_reads_json(${target} json)
      if(json)
        target_precompile_headers(${target} REUSE_FROM settle_precompiled_json)
      else()
        target_precompile_headers(${target} REUSE_FROM settle_precompiled)
      endif()
    endif()
  endforeach()
  get_property(folders DIRECTORY ${folder} PROPERTY SUBDIRECTORIES)
  foreach(inner ${folders})
    # What is verilated does not read these headers.
    if(NOT inner MATCHES "^${SETTLE_SOURCE}/sim|/rtl_modules$")
      settle_precompile(${inner})
    endif()
  endforeach()
endfunction()

settle_precompile(${CMAKE_CURRENT_SOURCE_DIR})
