#include "sound_length.h"

#include <algorithm>
#include <optional>

#include "byte_statistics.h"
#include "next_recording.h"

namespace hearth::audio {
namespace {

/// Programs that write to a pipe cannot know the length. They claim the largest possible one.
constexpr int64_t kLeastMadeUpLength = 0x7fff0000;
constexpr int64_t kLargest32Bit = 0xffffff00;
/// Fewer bytes than this after the sound are padding or an unknown tag.
constexpr int64_t kLeastSoundBytes = 4096;
constexpr int64_t kLargeLength = 1'000'000'000;

/// A length that nobody measured: a round number in decimal or binary, or many times the size of the file.
bool is_made_up(int64_t claimed, int64_t present) {
  constexpr int64_t kBinaryStep = 1 << 24;
  constexpr int64_t kDecimalStep = 100'000'000;
  constexpr int64_t kHeaderBytes = 128;
  const bool is_round_binary = (claimed + kHeaderBytes) % kBinaryStep < 2 * kHeaderBytes;
  return claimed >= kLeastMadeUpLength || is_round_binary || claimed % kDecimalStep == 0 ||
         (claimed >= kLargeLength && present < claimed / 8);
}

std::string describe_cut(int64_t promised, int64_t present) {
  return "the file promises " + std::to_string(promised) + " bytes of sound and holds " + std::to_string(present);
}

int64_t aligned(int64_t bytes, int alignment) { return (bytes + alignment - 1) / alignment * alignment; }

/// The end of a claimed length, if the file's end, chunks or another recording are there.
std::optional<int64_t> find_confirmed_end(ByteSource& source, const ClaimedSound& sound) {
  const int64_t padded = sound.start + aligned(sound.claimed_bytes, sound.layout.alignment);
  const auto end = end_of_chunks(source, sound.layout, padded);
  return end ? end : end_of_chunks(source, sound.layout, sound.start + sound.claimed_bytes);
}

/// Sound up to the next recording or the end of the file, without the chunks there.
SoundLength measure_to_end(ByteSource& source, const ClaimedSound& sound) {
  const int64_t end = find_next_recording(source, sound.start, source.size()).value_or(source.size());
  return {find_trailing_chunks(source, sound.layout, sound.start, end) - sound.start, end};
}

}  // namespace

SoundLength measure_sound(ByteSource& source, const ClaimedSound& sound) {
  const int64_t present = std::max<int64_t>(0, source.size() - sound.start);
  const int64_t claimed = sound.claimed_bytes;
  if (present == 0) {
    const bool lost = claimed > 0 && !sound.is_whole && !is_made_up(claimed, 0);
    return {0, source.size(), lost ? describe_cut(claimed, 0) : ""};
  }
  if (claimed == 0) {
    // A recorder that was switched off has written its sound but not its length.
    if (const auto end = end_of_chunks(source, sound.layout, sound.start)) return {0, *end};
    return measure_to_end(source, sound);
  }
  if (claimed < 0 || claimed / sound.frame_bytes > present / sound.frame_bytes) {
    SoundLength length = measure_to_end(source, sound);
    const bool is_lost = claimed > 0 && !sound.is_whole && !is_made_up(claimed, present);
    // Chunks after the sound were written after it, so the sound ends there.
    if (is_lost && length.bytes == present) length.cut = describe_cut(claimed, present);
    return length;
  }
  if (claimed > present) return {present, source.size()};
  if (const auto end = find_confirmed_end(source, sound)) return {claimed, *end};
  const int64_t rest = present - claimed;
  const bool is_little = rest < kLeastSoundBytes && rest < claimed;
  const int64_t claimed_end = sound.start + claimed;
  if (is_little || looks_like_text(source, claimed_end) || looks_random(source, claimed_end)) {
    return {claimed, claimed_end};
  }
  SoundLength length = measure_to_end(source, sound);
  const bool has_wrapped = length.bytes - claimed > 0 && (length.bytes - claimed) % (int64_t{1} << 32) == 0;
  const bool is_largest = sound.layout.length_bytes == 4 && claimed >= kLargest32Bit;
  if (!has_wrapped && !is_largest) length.unclaimed_bytes = std::max<int64_t>(0, length.bytes - claimed);
  return length;
}

}  // namespace hearth::audio
