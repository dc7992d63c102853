#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "byte_source.h"
#include "container.h"
#include "sndfile_library.h"

namespace hearth::audio {

/// A recording as libsndfile decodes it. Opening throws AUDIO_NEEDS_CONVERSION or AUDIO_CORRUPT.
class SoundFile {
 public:
  /// `bytes` must outlive this.
  SoundFile(ByteSource& bytes, const Container& container);
  ~SoundFile();
  SoundFile(const SoundFile&) = delete;
  SoundFile& operator=(const SoundFile&) = delete;

  int sample_rate() const { return info_.sample_rate; }
  int channels() const { return info_.channels; }
  /// According to the decoder, 0 if unknown; an estimate if `is_mpeg`.
  int64_t claimed_frames() const;
  bool is_mpeg() const;
  /// For example `16-bit PCM`.
  std::string codec() const;
  /// libsndfile's code for the position of each channel; empty where it knows none.
  std::vector<int> channel_map() const;

  /// Reads interleaved samples in [-1, 1]. Returns fewer frames than requested at the end or after an error.
  int64_t read(float* out, int64_t frames);
  /// The last byte that the decoder has asked for.
  int64_t read_end() const { return cursor_.read_end; }
  /// Why the last read ended early; empty at the normal end.
  std::string failure() const;

 private:
  struct Cursor {
    ByteSource* bytes;
    int64_t position = 0;
    int64_t read_end = 0;
  };
  static sndfile::VirtualIo callbacks();

  const sndfile::Library& library_;
  Cursor cursor_;
  sndfile::VirtualIo io_;
  sndfile::Info info_ = {};
  sndfile::Handle* handle_;
};

}  // namespace hearth::audio
