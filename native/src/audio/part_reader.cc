#include "part_reader.h"

#include <algorithm>

#include "../errors.h"
#include "flac_frames.h"

namespace hearth::audio {
namespace {

constexpr size_t kMaxGaps = 1000;
/// More than a decoder reads ahead.
constexpr int64_t kReadAheadBytes = 256 * 1024;

}  // namespace

int64_t PartReader::read(float* out, int64_t frames) {
  int64_t count = 0;
  do {
    if (silent_frames_ > 0) {
      count = std::min(frames, silent_frames_);
      std::fill(out, out + count * file_->channels(), 0.0f);
      silent_frames_ -= count;
    } else {
      count = file_->read(out, frames);
    }
  } while (count <= 0 && resume());
  position_ += std::max<int64_t>(0, count);
  return count;
}

int64_t PartReader::unread_bytes() const { return part_.bytes.size() - rest_start_ - file_->read_end(); }

bool PartReader::resume() {
  const bool is_early = file_->claimed_frames() > 0 && position_ < file_->claimed_frames();
  if (part_.container.layout != Layout::kFlac || !is_early || gaps_.size() >= kMaxGaps) return false;
  const auto stream = read_flac_metadata(part_.bytes);
  if (!stream) return false;
  const int64_t from = std::max(stream->first_frame, rest_start_ + file_->read_end() - kReadAheadBytes);
  const auto frame = find_flac_frame(part_.bytes, *stream, from, position_);
  if (!frame) return false;

  auto rest = std::make_unique<Splice>(static_cast<ByteSource&>(part_.bytes));
  rest->append(0, stream->first_frame);
  rest->append(frame->offset, part_.bytes.size());
  try {
    file_ = std::make_unique<SoundFile>(*rest, part_.container);
  } catch (const Error&) {
    return false;
  }
  rest_ = std::move(rest);
  rest_start_ = frame->offset - stream->first_frame;
  silent_frames_ = frame->first_sample - position_;
  const bool goes_on = !gaps_.empty() && gaps_.back().at_frame + gaps_.back().lost_frames == position_;
  if (goes_on) {
    gaps_.back().lost_frames += silent_frames_;
  } else {
    gaps_.push_back({position_, 0, silent_frames_});
  }
  return true;
}

}  // namespace hearth::audio
