# Compiles and links the addon for macOS arm64 on another system, with zig as the compiler and stubs of Apple's libraries.
# HEARTH_ZIG, the program, comes from the environment, so that CMake's own trial builds have it too.
set(CMAKE_SYSTEM_NAME Darwin)
set(CMAKE_SYSTEM_PROCESSOR arm64)

# No SDK: zig includes the headers and the stubs of the system libraries.
set(CMAKE_OSX_SYSROOT "")
set(CMAKE_OSX_ARCHITECTURES "")
set(CMAKE_OSX_DEPLOYMENT_TARGET "")

set(CMAKE_C_COMPILER "$ENV{HEARTH_ZIG};cc")
set(CMAKE_CXX_COMPILER "$ENV{HEARTH_ZIG};c++")
set(CMAKE_C_COMPILER_TARGET aarch64-macos.14.0)
set(CMAKE_CXX_COMPILER_TARGET aarch64-macos.14.0)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_AR "${CMAKE_CURRENT_LIST_DIR}/zig-ar")
set(CMAKE_RANLIB "${CMAKE_CURRENT_LIST_DIR}/zig-ranlib")
set(CMAKE_INSTALL_NAME_TOOL /bin/true)

# Node's functions are found in the process that loads the addon. Without `-s`, what is linked contains the paths of its parts.
set(CMAKE_SHARED_LINKER_FLAGS_INIT "-Wl,-undefined,dynamic_lookup -s")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-s")

set(CMAKE_PROJECT_hearth_native_INCLUDE "${CMAKE_CURRENT_LIST_DIR}/system-libraries.cmake")
