#include "next_recording.h"
#include "stream_parts.h"

namespace hearth::audio {

Part take_flac(ByteSource& source, const Container& container) {
  const auto next = find_next_recording(source, container.offset + 4, source.size());
  const int64_t end = next.value_or(source.size());
  return {container, Splice(source, container.offset, end), end};
}

}  // namespace hearth::audio
