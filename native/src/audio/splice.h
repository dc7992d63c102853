#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "byte_source.h"

namespace hearth::audio {

/// Consecutive pieces of a source and of our own bytes, read like one file. The source must outlive it.
class Splice : public ByteSource {
 public:
  explicit Splice(ByteSource& source) : source_(&source) {}
  /// The bytes [start, end) of the source.
  Splice(ByteSource& source, int64_t start, int64_t end) : source_(&source) { append(start, end); }

  void append(int64_t start, int64_t end);
  void append(const std::vector<uint8_t>& bytes);
  /// Replaces what is at `position` with `bytes`.
  void patch(int64_t position, std::vector<uint8_t> bytes);

  int64_t size() const override { return size_; }
  size_t read(int64_t offset, void* out, size_t count) override;
  const std::string& failure() const override { return source_->failure(); }

 private:
  struct Piece {
    int64_t position;  ///< in the splice
    int64_t length;
    int64_t start;  ///< in the source, or in own_
    bool own;
  };
  struct Patch {
    int64_t position;
    std::vector<uint8_t> bytes;
  };

  ByteSource* source_;
  std::vector<Piece> pieces_;
  std::vector<uint8_t> own_;
  std::vector<Patch> patches_;
  int64_t size_ = 0;
};

}  // namespace hearth::audio
