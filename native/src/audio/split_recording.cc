#include "split_recording.h"

#include <optional>

#include "byte_statistics.h"
#include "chunked_parts.h"
#include "chunks.h"
#include "stream_parts.h"
#include "tags.h"

namespace hearth::audio {
namespace {

constexpr size_t kMaxParts = 10'000;
/// Fewer bytes than this after the sound are a tag, or leftovers of the program that wrote the file.
constexpr int64_t kLeastLeftBytes = 4096;

/// Appends the recording at `container.offset`; returns its end.
int64_t take(ByteSource& source, const Container& container, std::vector<Part>& parts) {
  const size_t before = parts.size();
  switch (container.layout) {
    case Layout::kRiff:
      parts.push_back(take_riff(source, container));
      break;
    case Layout::kWave64:
      parts.push_back(take_wave64(source, container));
      break;
    case Layout::kAiff:
      parts.push_back(take_aiff(source, container));
      break;
    case Layout::kCaf:
      parts.push_back(take_caf(source, container));
      break;
    case Layout::kAu:
      parts.push_back(take_au(source, container));
      break;
    case Layout::kFlac:
      parts.push_back(take_flac(source, container));
      break;
    case Layout::kOgg:
      return take_ogg(source, container, parts);
    case Layout::kMpeg: {
      const int64_t end = take_mpeg(source, container, parts);
      if (parts.size() > before) return end;
      break;
    }
    case Layout::kOther:
      break;
  }
  if (parts.size() == before) {
    parts.push_back({container, Splice(source, container.offset, source.size()), source.size()});
  }
  return parts.back().end;
}

}  // namespace

std::vector<Part> split_recording(ByteSource& source, const Container& first) {
  std::vector<Part> parts;
  std::optional<Container> container = first;
  int64_t offset = first.offset;
  while (container && container->reader == Reader::kEngine && parts.size() < kMaxParts) {
    const int64_t end = take(source, *container, parts);
    offset = skip_tags(source, end > container->offset ? end : source.size());
    container = identify_next(source, offset);
    if (container) continue;
    offset = skip_tags(source, skip_zeros(source, offset, source.size()));
    container = identify_next(source, offset);
  }
  const bool is_little = !container && source.size() - offset < kLeastLeftBytes;
  if (offset >= source.size() || is_little || (!container && looks_like_text(source, offset))) return parts;
  const Container rest = container.value_or(Container{"data of no known audio format", Reader::kUnknown});
  const Container left_out{rest.name, Reader::kUnknown, Layout::kOther, offset};
  parts.push_back({left_out, Splice(source, offset, source.size()), source.size()});
  return parts;
}

}  // namespace hearth::audio
