# Headers that most files read, compiled once. They fit targets with the same options alone, -Wpedantic among them; GCC
# says (-Winvalid-pch, which CMake asks for) where they do not.
file(WRITE ${CMAKE_BINARY_DIR}/precompiled.cpp "// Compiled for its precompiled headers alone.\n")
add_library(settle_precompiled OBJECT ${CMAKE_BINARY_DIR}/precompiled.cpp)
target_link_libraries(settle_precompiled PRIVATE fmt::fmt nlohmann_json::nlohmann_json Eigen3::Eigen settle_warnings)
target_precompile_headers(settle_precompiled PRIVATE
  <Eigen/Dense> <nlohmann/json.hpp> <fmt/format.h> <fmt/ranges.h>
  <algorithm> <filesystem> <functional> <map> <memory> <optional> <string> <thread> <vector>)

# settle_precompile(folder): for its targets, and those of the folders in it.
function(settle_precompile folder)
  get_property(targets DIRECTORY ${folder} PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target ${targets})
    get_target_property(type ${target} TYPE)
    get_target_property(own_options ${target} SETTLE_OWN_OPTIONS)
    if(type MATCHES "STATIC_LIBRARY|EXECUTABLE" AND NOT own_options)
      target_precompile_headers(${target} REUSE_FROM settle_precompiled)
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
