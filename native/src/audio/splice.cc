#include "splice.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace hearth::audio {

void Splice::append(int64_t start, int64_t end) {
  if (end <= start) return;
  if (!pieces_.empty() && !pieces_.back().own && pieces_.back().start + pieces_.back().length == start) {
    pieces_.back().length += end - start;
  } else {
    pieces_.push_back({size_, end - start, start, false});
  }
  size_ += end - start;
}

void Splice::append(const std::vector<uint8_t>& bytes) {
  if (bytes.empty()) return;
  pieces_.push_back({size_, static_cast<int64_t>(bytes.size()), static_cast<int64_t>(own_.size()), true});
  own_.insert(own_.end(), bytes.begin(), bytes.end());
  size_ += static_cast<int64_t>(bytes.size());
}

void Splice::patch(int64_t position, std::vector<uint8_t> bytes) { patches_.push_back({position, std::move(bytes)}); }

size_t Splice::read(int64_t offset, void* out, size_t count) {
  if (offset < 0 || offset >= size_) return 0;
  count = static_cast<size_t>(std::min(static_cast<int64_t>(count), size_ - offset));
  auto* bytes = static_cast<uint8_t*>(out);
  auto piece = std::upper_bound(pieces_.begin(), pieces_.end(), offset,
                                [](int64_t position, const Piece& next) { return position < next.position; }) -
               1;
  size_t done = 0;
  for (; done < count && piece != pieces_.end(); ++piece) {
    const int64_t skipped = offset + static_cast<int64_t>(done) - piece->position;
    const auto wanted = static_cast<size_t>(std::min(static_cast<int64_t>(count - done), piece->length - skipped));
    size_t got = wanted;
    if (piece->own) {
      std::memcpy(bytes + done, own_.data() + piece->start + skipped, wanted);
    } else {
      got = source_->read(piece->start + skipped, bytes + done, wanted);
    }
    done += got;
    if (got < wanted) break;
  }
  for (const Patch& patch : patches_) {
    for (size_t i = 0; i < patch.bytes.size(); ++i) {
      const int64_t position = patch.position + static_cast<int64_t>(i) - offset;
      if (position >= 0 && position < static_cast<int64_t>(done)) bytes[position] = patch.bytes[i];
    }
  }
  return done;
}

}  // namespace hearth::audio
