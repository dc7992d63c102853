#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hearth::audio {

/// A regular file, read by position. Opening throws FILE_NOT_FOUND, FILE_NOT_PERMITTED, FILE_IS_DIRECTORY or, for
/// pipes and devices, AUDIO_UNSUPPORTED.
class FileSource {
 public:
  explicit FileSource(const std::string& path);
  ~FileSource();
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;

  int64_t size() const { return size_; }
  /// Bytes read: fewer than `count` only at the end of the file or after a failed read.
  size_t read(int64_t offset, void* out, size_t count);
  /// Why reading failed, empty when it did not.
  const std::string& failure() const { return failure_; }

 private:
  size_t read_direct(int64_t offset, uint8_t* out, size_t count);

  int descriptor_ = -1;
  int64_t size_ = 0;
  std::string failure_;
  // Decoders ask for a few bytes at a time; a window keeps that from becoming a system call each.
  std::vector<uint8_t> window_;
  int64_t window_offset_ = 0;
};

}  // namespace hearth::audio
