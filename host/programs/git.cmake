# The one place that asks git: which commit is built. Included where CMake configures, and run at every build (cmake -P),
# where it writes build.hpp anew if commit or state of the tree changed.

# settle_find_commit(commit refusal): in the caller's scope. commit: 12 digits, "-dirty" after them where files differ from
# it; "unknown" where SETTLE_SOURCE itself is no repository (a tarball, also one that lies inside another's repository).
# refusal: empty, or, in one line, why a repository that is there does not tell, and what helps.
function(settle_find_commit commit refusal)
  set(${commit} unknown PARENT_SCOPE)
  set(${refusal} "" PARENT_SCOPE)
  if(NOT EXISTS ${SETTLE_SOURCE}/.git)
    return()
  endif()
  find_program(SETTLE_GIT_PROGRAM git)
  if(NOT SETTLE_GIT_PROGRAM)
    set(${refusal} "commit unknown: git is not installed" PARENT_SCOPE)
    return()
  endif()
  # A hook, and `git rebase --exec`, name a repository by these; another may be meant.
  set(ask ${CMAKE_COMMAND} -E env --unset=GIT_DIR --unset=GIT_WORK_TREE --unset=GIT_INDEX_FILE --unset=GIT_OBJECT_DIRECTORY
          --unset=GIT_COMMON_DIR --unset=GIT_NAMESPACE --unset=GIT_PREFIX LC_ALL=C
          ${SETTLE_GIT_PROGRAM} -C ${SETTLE_SOURCE})
  execute_process(COMMAND ${ask} rev-parse --show-toplevel OUTPUT_VARIABLE top ERROR_VARIABLE said RESULT_VARIABLE status
                  OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(status EQUAL 0)
    file(REAL_PATH ${SETTLE_SOURCE} here)
    if(NOT top STREQUAL here)
      return() # .git is no repository: git went on upwards
    endif()
    execute_process(COMMAND ${ask} describe --always --dirty --abbrev=12 --exclude=* OUTPUT_VARIABLE found
                    ERROR_VARIABLE said RESULT_VARIABLE status OUTPUT_STRIP_TRAILING_WHITESPACE)
  endif()
  if(status EQUAL 0 AND found MATCHES "^[0-9a-f]+(-dirty)?$")
    set(${commit} ${found} PARENT_SCOPE)
  elseif(said MATCHES "dubious ownership")
    set(${refusal} "commit unknown: ${SETTLE_SOURCE} belongs to another user and git refuses it: git config --global \
--add safe.directory ${SETTLE_SOURCE} allows it" PARENT_SCOPE)
  else()
    string(REGEX REPLACE "\n.*" "" line "${said}")
    set(${refusal} "commit unknown: git says: ${line}" PARENT_SCOPE)
  endif()
endfunction()

if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  settle_find_commit(SETTLE_GIT refusal)
  configure_file(${TEMPLATE} ${OUT} @ONLY) # leaves the file alone if nothing changed
endif()
