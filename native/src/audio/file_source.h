#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "byte_source.h"

namespace hearth::audio {

/// A regular file, read by position. Opening throws FILE_NOT_FOUND, FILE_NOT_PERMITTED, FILE_IS_DIRECTORY or, for
/// pipes and devices, AUDIO_UNSUPPORTED.
class FileSource : public ByteSource {
 public:
  explicit FileSource(const std::string& path);
  /// A file that is open already; its owner may close it at once. `path` is its name in errors.
  FileSource(int descriptor, const std::string& path);
  ~FileSource() override;
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;

  int64_t size() const override { return size_; }
  size_t read(int64_t offset, void* out, size_t count) override;
  const std::string& failure() const override { return failure_; }

 private:
  void require_regular_file(const std::string& path);
  size_t read_direct(int64_t offset, uint8_t* out, size_t count);

  int descriptor_ = -1;
  int64_t size_ = 0;
  std::string failure_;
  // Decoders ask for a few bytes at a time. A window avoids a system call for each.
  std::vector<uint8_t> window_;
  int64_t window_offset_ = 0;
};

}  // namespace hearth::audio
