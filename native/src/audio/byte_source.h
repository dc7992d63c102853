#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace hearth::audio {

/// Bytes that a search through a file reads at a time.
constexpr size_t kSearchBlockBytes = 256 * 1024;

/// A known number of bytes, read by position.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  virtual int64_t size() const = 0;
  /// Bytes read. Fewer than `count` only at the end or after a failed read.
  virtual size_t read(int64_t offset, void* out, size_t count) = 0;
  /// Why reading failed; empty if it did not.
  virtual const std::string& failure() const = 0;
};

}  // namespace hearth::audio
