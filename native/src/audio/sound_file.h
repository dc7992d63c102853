#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "container.h"
#include "extent.h"
#include "file_source.h"
#include "sndfile_library.h"

namespace hearth::audio {

/// A recording as libsndfile decodes it. Opening throws AUDIO_NEEDS_CONVERSION or AUDIO_CORRUPT.
class SoundFile {
 public:
  /// `source` must outlive this.
  SoundFile(FileSource& source, const Container& container, const std::optional<Correction>& correction);
  ~SoundFile();
  SoundFile(const SoundFile&) = delete;
  SoundFile& operator=(const SoundFile&) = delete;

  int sample_rate() const { return info_.sample_rate; }
  int channels() const { return info_.channels; }
  /// As the decoder understands the header, 0 when unknown; an estimate when `is_mpeg`.
  int64_t claimed_frames() const;
  bool is_mpeg() const;
  /// For example `16-bit PCM`.
  std::string codec() const;

  /// Reads interleaved samples in [-1, 1]; fewer frames than asked at the end or at an error.
  int64_t read(float* out, int64_t frames);
  /// Why the last read ended early, empty at the regular end.
  std::string failure() const;

 private:
  struct Cursor {
    FileSource* source;
    int64_t start;
    std::optional<Correction> correction;
    int64_t position = 0;
  };
  static sndfile::VirtualIo callbacks();

  const sndfile::Library& library_;
  Cursor cursor_;
  sndfile::VirtualIo io_;
  sndfile::Info info_ = {};
  sndfile::Handle* handle_;
};

}  // namespace hearth::audio
