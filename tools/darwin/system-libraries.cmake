# Include it after `project()`. Makes the addon and the recorder use the system's libc++, as Apple's compiler does.
enable_language(C)

# CMake 3.25 only sets these if it can find out which macOS it runs on.
set(CMAKE_SHARED_LIBRARY_RUNTIME_C_FLAG "-Wl,-rpath,")
set(CMAKE_SHARED_LIBRARY_RUNTIME_CXX_FLAG "-Wl,-rpath,")

# Without these, libc++'s headers call functions that macOS 14's library does not have.
add_compile_options(
  -U_LIBCPP_HAS_VENDOR_AVAILABILITY_ANNOTATIONS
  -D_LIBCPP_HAS_VENDOR_AVAILABILITY_ANNOTATIONS=1)

function(link_system_libraries)
  # zig links its own libc++ into everything it links as C++.
  set_target_properties(hearth hearth-microphone PROPERTIES LINKER_LANGUAGE C)
  set_target_properties(hearth PROPERTIES NO_SONAME ON)
  target_link_libraries(hearth PRIVATE ${HEARTH_LIBCXX_STUB})
  target_link_libraries(hearth-microphone PRIVATE ${HEARTH_LIBCXX_STUB})
endfunction()
cmake_language(DEFER CALL link_system_libraries)
