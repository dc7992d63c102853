#include "speech_listener.h"

#include <algorithm>
#include <iterator>

#include "../kernels/kernels.h"

namespace hearth::vad {

bool SpeechListener::hear(std::span<const int16_t> samples, bool are_all) {
  const kernels::WithoutPool by_itself;
  level_.follow(samples, are_all);
  const int64_t known = level_.known_count();
  const int64_t whole_batches = known / (kBatchChunks * kChunkSamples) * kBatchChunks;
  const int64_t chunks = are_all ? (known + kChunkSamples - 1) / kChunkSamples : whole_batches;
  const int64_t last = std::min<int64_t>(heard_chunks_ + kBatchChunks, chunks);
  if (heard_chunks_ >= last) return false;
  run_.hear(level_, heard_chunks_ * kChunkSamples, last - heard_chunks_);
  heard_chunks_ = last;
  return true;
}

std::vector<float> SpeechListener::take_probabilities() { return std::exchange(run_.probabilities, {}); }

}  // namespace hearth::vad
