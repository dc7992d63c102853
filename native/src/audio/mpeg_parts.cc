#include <algorithm>
#include <optional>

#include "chunks.h"
#include "mpeg_frames.h"
#include "mpeg_stream.h"
#include "stream_parts.h"
#include "tags.h"

namespace hearth::audio {
namespace {

constexpr int64_t kLongestFrameBytes = 1729;
constexpr size_t kMaxHoles = 100'000;
/// Up to this many zero bytes between frames are padding.
constexpr int64_t kMaxZeroBytes = 4096;

/// Layers I and II have no frame count, so a decoder cannot see past a change of bit rate.
bool belongs_to(const MpegFrame& first, const MpegFrame& frame) {
  return same_mpeg_stream(first, frame) && first.mono == frame.mono &&
         (first.layer == 3 || first.bits_per_second == frame.bits_per_second);
}

bool starts_stream(ByteSource& source, int64_t offset, const MpegFrame& first) {
  const auto second = mpeg_frame_at(source, offset + first.bytes);
  return (!second || belongs_to(first, *second)) && starts_mpeg_frames(source, offset);
}

class Walk {
 public:
  Walk(ByteSource& source, int64_t offset, std::vector<Part>& parts)
      : source_(source), parts_(parts), offset_(offset), search_from_(offset) {}

  /// Continues until no more frames are found.
  int64_t run() {
    while (offset_ < source_.size() && (take_frame() || pass_tag() || find_next())) {
    }
    flush();
    return offset_;
  }

 private:
  bool take_frame() {
    const auto frame = mpeg_frame_at(source_, offset_);
    if (!frame) return false;
    const auto description = describes_mpeg_stream(source_, offset_, *frame);
    const bool goes_on = has_stream_ && !description && belongs_to(stream_.first, *frame);
    if (!goes_on && !starts_stream(source_, offset_, *frame)) return false;
    const bool is_cut = offset_ + frame->bytes > source_.size();
    if (!goes_on) {
      flush();
      stream_.first = *frame;
      stream_.description = description;
      has_stream_ = true;
    }
    note_gap();
    const int64_t end = std::min(offset_ + frame->bytes, source_.size());
    if (!stream_.runs.empty() && stream_.runs.back().end == offset_) {
      stream_.runs.back().end = end;
    } else {
      stream_.runs.push_back({offset_, end});
    }
    if (!description && !is_cut) ++stream_.frames;
    stream_.is_cut = is_cut;
    last_is_odd_ = last_ && last_->bits_per_second != frame->bits_per_second;
    last_ = frame;
    last_offset_ = offset_;
    search_from_ = offset_ + 1;
    offset_ = end;
    return true;
  }

  bool pass_tag() {
    const int64_t start = skip_zeros(source_, offset_, kMaxZeroBytes);
    const int64_t end = skip_tag(source_, start);
    if (end == start) return false;
    offset_ = std::min(end, source_.size());
    search_from_ = offset_;
    last_.reset();
    return true;
  }

  /// Finds the next frames after other bytes. If they start inside the frame before, that one is not a frame.
  bool find_next() {
    if (stream_.holes.size() >= kMaxHoles) return false;
    if (const auto other = identify_next(source_, offset_); other && other->layout != Layout::kMpeg) return false;
    auto next = find_mpeg_frames(source_, search_from_, source_.size());
    if (next == offset_) next = find_mpeg_frames(source_, offset_ + 1, source_.size());
    if (!next) return false;
    // A wrong bit rate makes a frame too long, or too short by less than a frame.
    const bool is_too_short =
        last_is_odd_ && *next - offset_ < kLongestFrameBytes && !is_all_zeros(source_, offset_, *next);
    const bool drops_last = last_ && stream_.frames > 0 && (*next < offset_ || is_too_short);
    const int64_t gap_start = drops_last ? last_offset_ : offset_;
    if (drops_last) {
      --stream_.frames;
      stream_.runs.back().end = last_offset_;
      if (stream_.runs.back().start == last_offset_) stream_.runs.pop_back();
    }
    gap_bytes_ += std::max<int64_t>(0, *next - gap_start);
    if (gap_bytes_ <= kMaxZeroBytes && is_all_zeros(source_, gap_start, *next)) gap_bytes_ = 0;
    offset_ = *next;
    search_from_ = offset_ + 1;
    last_.reset();
    return true;
  }

  /// Bytes inside a stream that are not frames. Where two streams meet, the rest of a cut frame is not a loss.
  void note_gap() {
    const bool at_seam = stream_.runs.empty();
    if (gap_bytes_ > 0 && !(at_seam && gap_bytes_ < kMaxZeroBytes)) {
      stream_.holes.push_back({stream_.runs.size(), stream_.frames, gap_bytes_});
    }
    gap_bytes_ = 0;
  }

  void flush() {
    if (!stream_.runs.empty() && stream_.frames > 0) parts_.push_back(make_mpeg_part(source_, stream_));
    stream_ = {};
    has_stream_ = false;
  }

  ByteSource& source_;
  std::vector<Part>& parts_;
  int64_t offset_;
  int64_t search_from_;
  int64_t gap_bytes_ = 0;
  bool has_stream_ = false;
  MpegStream stream_;
  std::optional<MpegFrame> last_;
  int64_t last_offset_ = 0;
  bool last_is_odd_ = false;
};

}  // namespace

int64_t take_mpeg(ByteSource& source, const Container& container, std::vector<Part>& parts) {
  return Walk(source, container.offset, parts).run();
}

}  // namespace hearth::audio
