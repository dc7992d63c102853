#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "part.h"
#include "sound_file.h"

namespace hearth::audio {

/// Reads a part to its end. If a FLAC decoder stops at damage, continues with the next complete frame, with silence in
/// place of the lost part, so that times stay right.
class PartReader {
 public:
  /// `part` must outlive this. Throws like SoundFile.
  explicit PartReader(Part& part) : part_(part), file_(std::make_unique<SoundFile>(part.bytes, part.container)) {}

  const SoundFile& file() const { return *file_; }
  /// Interleaved samples in [-1, 1]; 0 frames at the end.
  int64_t read(float* out, int64_t frames);
  /// What was lost while reading.
  const std::vector<Gap>& gaps() const { return gaps_; }
  /// Bytes of the part that no decoder asked for.
  int64_t unread_bytes() const;

 private:
  bool resume();

  Part& part_;
  std::unique_ptr<Splice> rest_;  // outlives file_
  std::unique_ptr<SoundFile> file_;
  int64_t rest_start_ = 0;  // what was left out of the part in front of the rest
  int64_t position_ = 0;
  int64_t silent_frames_ = 0;
  std::vector<Gap> gaps_;
};

}  // namespace hearth::audio
