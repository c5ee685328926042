# What is compiled without the sanitizers of a sanitized build. Say why where one of these is called.

# settle_own_options(target OPTION...): its own files are compiled with other options than the tree's.
function(settle_own_options target)
  target_compile_options(${target} PRIVATE ${ARGN})
  set_target_properties(${target} PROPERTIES SETTLE_OWN_OPTIONS ON)
endfunction()

# settle_no_sanitizer(target): its own files are compiled without.
function(settle_no_sanitizer target)
  if(SETTLE_SANITIZE)
    settle_own_options(${target} -fno-sanitize=all)
  endif()
endfunction()

# settle_no_sanitizer_in(file...): these files of the current folder's library are compiled without, the others with. In
# every build each is an object of its own: it shares neither options nor precompiled headers with the others, and a test
# can bring its own copy, sanitized, in its place.
function(settle_no_sanitizer_in)
  set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON SKIP_PRECOMPILE_HEADERS ON)
  if(SETTLE_SANITIZE)
    set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS -fno-sanitize=all)
  endif()
endfunction()
