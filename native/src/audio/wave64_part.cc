#include <algorithm>

#include "byte_order.h"
#include "chunked_parts.h"
#include "sound_length.h"

namespace hearth::audio {
namespace {

constexpr int kChunkHeaderBytes = 24;  // of a chunk: a GUID, and a length that counts these bytes
constexpr int kFirstChunk = 40;

}  // namespace

Part take_wave64(ByteSource& source, const Container& container) {
  const ChunkLayout layout{container.offset + kFirstChunk, 8, false, 8, 16, true};
  const auto sound = find_chunk(source, layout, "data");
  if (!sound) return {container, Splice(source, container.offset, source.size()), source.size()};

  uint8_t outer[8] = {};
  source.read(container.offset + 16, outer, sizeof(outer));
  // A length smaller than its own header was never written.
  const int64_t claimed = std::max<int64_t>(-1, sound->length);
  const SoundLength length = measure_sound(
      source, {.start = sound->start,
               .claimed_bytes = claimed,
               .frame_bytes = wave_frame_bytes(source, layout),
               .is_whole = static_cast<int64_t>(little_endian_64(outer)) == source.size() - container.offset,
               .layout = layout});
  Part part{container, Splice(source, container.offset, length.end), length.end, length.cut, 0, length.unclaimed_bytes};
  if (length.bytes != claimed) {
    const auto outer_bytes = static_cast<uint64_t>(length.end - container.offset);
    part.bytes.patch(16, bytes_of(outer_bytes, false));
    part.bytes.patch(sound->length_field - container.offset,
                     bytes_of(static_cast<uint64_t>(length.bytes + kChunkHeaderBytes), false));
  }
  return part;
}

}  // namespace hearth::audio
