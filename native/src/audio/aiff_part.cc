#include <algorithm>
#include <string_view>

#include "byte_order.h"
#include "chunked_parts.h"
#include "sound_length.h"

namespace hearth::audio {
namespace {

/// The sound chunk starts with an offset and a block size.
constexpr int kSoundHeaderBytes = 8;

struct Common {
  int64_t frames_field = 0;
  int64_t frames = 0;
  /// 1 if a sample is not coded by itself.
  int64_t frame_bytes = 1;
};

Common read_common(ByteSource& source, const Container& container, const ChunkLayout& layout) {
  const auto chunk = find_chunk(source, layout, "COMM");
  uint8_t bytes[22] = {};
  if (!chunk || source.read(chunk->start, bytes, sizeof(bytes)) < 18) return {};
  const int channels = bytes[0] << 8 | bytes[1];
  const int bits = bytes[6] << 8 | bytes[7];
  const std::string_view encoding(reinterpret_cast<const char*>(bytes) + 18, 4);
  constexpr std::string_view kSameAsPcm[] = {"NONE", "sowt", "twos", "raw ", "fl32", "FL32", "fl64", "FL64", "in24"};
  const bool is_pcm = container.name == "AIFF" ||
                      std::find(std::begin(kSameAsPcm), std::end(kSameAsPcm), encoding) != std::end(kSameAsPcm);
  const int64_t frame_bytes = is_pcm ? int64_t{channels} * ((bits + 7) / 8) : 1;
  return {chunk->start + 2, big_endian_32(bytes + 2), std::max<int64_t>(1, frame_bytes)};
}

}  // namespace

Part take_aiff(ByteSource& source, const Container& container) {
  const ChunkLayout layout{container.offset + 12, 4, true, 2};
  const auto chunk = find_chunk(source, layout, "SSND");
  if (!chunk) return {container, Splice(source, container.offset, source.size()), source.size()};

  const Common common = read_common(source, container, layout);
  uint8_t outer[4] = {};
  source.read(container.offset + 4, outer, sizeof(outer));
  const int64_t claimed = std::max<int64_t>(0, chunk->length - kSoundHeaderBytes);
  const SoundLength length =
      measure_sound(source, {.start = chunk->start + kSoundHeaderBytes,
                             .claimed_bytes = claimed,
                             .frame_bytes = common.frame_bytes,
                             .is_whole = container.offset + 8 + int64_t{big_endian_32(outer)} == source.size(),
                             .layout = layout});

  Part part{container, Splice(source, container.offset, length.end), length.end, length.cut, 0, length.unclaimed_bytes};
  if (length.bytes != claimed) {
    part.bytes.patch(chunk->length_field - container.offset,
                     bytes_of(static_cast<uint32_t>(length.bytes + kSoundHeaderBytes), true));
    part.bytes.patch(4, bytes_of(static_cast<uint32_t>(length.end - container.offset - 8), true));
  }
  const int64_t frames = length.bytes / common.frame_bytes;
  if (common.frame_bytes > 1 && common.frames != frames && length.cut.empty()) {
    part.bytes.patch(common.frames_field - container.offset, bytes_of(static_cast<uint32_t>(frames), true));
  }
  return part;
}

}  // namespace hearth::audio
