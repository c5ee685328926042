# Writes build.hpp anew, at every build, if commit or state of the tree changed: cmake -P git.cmake
execute_process(COMMAND git -C ${SETTLE_SOURCE} describe --always --dirty --abbrev=12 --exclude=*
                OUTPUT_VARIABLE SETTLE_GIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT SETTLE_GIT)
  set(SETTLE_GIT unknown)
endif()
configure_file(${TEMPLATE} ${OUT} @ONLY) # leaves the file alone if nothing changed
