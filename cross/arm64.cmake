# Builds for a 64-bit Raspberry Pi (or any arm64 Debian) on another machine, see README.md. The preset
# arm64 uses it.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)

set(LEAT_SYSROOT "" CACHE PATH "An extracted arm64 Debian of the same release as the compiler")
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES LEAT_SYSROOT)
if(NOT EXISTS "${LEAT_SYSROOT}/usr/include")
  message(FATAL_ERROR "LEAT_SYSROOT=\"${LEAT_SYSROOT}\" is not a system root: see cross/README.md")
endif()
set(CMAKE_SYSROOT ${LEAT_SYSROOT})

set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
# For libraries that are needed only by other libraries, and so are not on the command line.
set(CMAKE_EXE_LINKER_FLAGS_INIT "-Wl,-rpath-link,${LEAT_SYSROOT}/usr/lib/aarch64-linux-gnu")

# Programs come from this machine, everything else from the system root.
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${LEAT_SYSROOT})
set(ENV{PKG_CONFIG_LIBDIR}
  ${LEAT_SYSROOT}/usr/lib/aarch64-linux-gnu/pkgconfig:${LEAT_SYSROOT}/usr/share/pkgconfig)

find_program(QEMU NAMES qemu-aarch64-static qemu-aarch64)
if(QEMU)
  set(CMAKE_CROSSCOMPILING_EMULATOR "${QEMU};-L;${LEAT_SYSROOT}")
endif()
