#pragma once

#include <cstdint>
#include <string>

namespace hearth::audio {

/// The part of libsndfile's C interface that we call, declared from its public documentation. The library (LGPL-2.1)
/// is a separate file, loaded at run time, that anyone may replace; see docs/audio-formats.md.
namespace sndfile {

struct Handle;

struct Info {
  int64_t frames;
  int sample_rate;
  int channels;
  int format;
  int sections;
  int seekable;
};

struct VirtualIo {
  int64_t (*length)(void* user);
  int64_t (*seek)(int64_t offset, int whence, void* user);
  int64_t (*read)(void* out, int64_t count, void* user);
  int64_t (*write)(const void* data, int64_t count, void* user);
  int64_t (*tell)(void* user);
};

constexpr int kModeRead = 0x10;
constexpr int kGetChannelMap = 0x1100;
constexpr int kSubtypeMask = 0xffff;
constexpr int kErrorUnsupportedEncoding = 4;
/// "File contains data in an unimplemented format": in no header, but the same in every release.
constexpr int kErrorUnimplemented = 18;

struct Library {
  Handle* (*open_virtual)(VirtualIo* io, int mode, Info* info, void* user);
  int (*close)(Handle* handle);
  int64_t (*read_frames)(Handle* handle, float* out, int64_t frames);
  int (*command)(Handle* handle, int command, void* data, int size);
  int (*error)(Handle* handle);
  const char* (*version)();
};

}  // namespace sndfile

/// Loads the library once: HEARTH_SNDFILE names the file, else it lies beside this program or in `deps/libsndfile` of
/// a folder above. Throws ENGINE_NOT_BUILT.
const sndfile::Library& sndfile_library();

}  // namespace hearth::audio
