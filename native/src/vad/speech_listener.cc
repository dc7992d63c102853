#include "speech_listener.h"

#include <algorithm>

#include "../kernels/kernels.h"

namespace hearth::vad {

bool SpeechListener::hear(std::span<const int16_t> samples, bool are_all) {
  const kernels::WithoutPool by_itself;
  measure(samples, are_all);
  const bool is_heard_as_it_is = meter_.is_loud() && !meter_.has_offset();
  if (!is_heard_as_it_is && !are_all) return false;
  if (!is_heard_as_it_is && !evened_) {
    evened_.emplace(samples);
    run_.begin_again();
  }
  const auto count = static_cast<int64_t>(samples.size());
  const int64_t whole_batches = count / (kBatchChunks * kChunkSamples) * kBatchChunks;
  const int64_t chunks = are_all ? (count + kChunkSamples - 1) / kChunkSamples : whole_batches;
  const auto first = static_cast<int64_t>(run_.probabilities.size());
  const int64_t last = std::min<int64_t>(first + kBatchChunks, chunks);
  if (first >= last) return false;
  run_.hear(evened_ ? *evened_ : EvenLevel::as_they_are(samples), first * kChunkSamples, last - first);
  return true;
}

void SpeechListener::forget() {
  run_.begin_again();
  meter_ = LevelMeter();
  evened_.reset();
}

void SpeechListener::measure(std::span<const int16_t> samples, bool are_all) {
  while (true) {
    const auto rest = samples.subspan(static_cast<size_t>(meter_.sample_count()));
    const auto second = static_cast<size_t>(LevelMeter::kSecond);
    if (rest.empty() || (rest.size() < second && !are_all)) return;
    meter_.add(rest.first(std::min(rest.size(), second)));
  }
}

}  // namespace hearth::vad
