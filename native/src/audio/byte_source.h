#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace hearth::audio {

/// What a search through a file reads at once.
constexpr size_t kSearchBlockBytes = 256 * 1024;

/// Bytes of a known number, read by position.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  virtual int64_t size() const = 0;
  /// Bytes read: fewer than `count` only at the end or after a failed read.
  virtual size_t read(int64_t offset, void* out, size_t count) = 0;
  /// Why reading failed, empty when it did not.
  virtual const std::string& failure() const = 0;
};

}  // namespace hearth::audio
