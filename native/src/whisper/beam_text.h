#pragma once

#include <vector>

#include "text.h"

namespace hearth::whisper {

struct BeamSettings {
  int beam_size = 0;
  int max_candidates = 0;  ///< round(beam_size * patience): finished texts at which a search ends
};

struct Candidate {
  std::vector<int> tokens;  ///< without end of text
  double sum_logprob = 0;
};

/// A beam search (openai/whisper decoding.py BeamSearchDecoder): a row for each text that may become the answer.
class BeamText : public Text {
 public:
  BeamText(Prompt prompt, DecodingRules rules, int text_context, BeamSettings settings);

  int begin(std::span<const float> at_start, std::span<const std::span<float>> after) override;
  void append_inputs(std::vector<int>& tokens, std::vector<int>& lengths) const override;
  std::vector<int> advance(std::span<const std::span<float>> logits) override;

  int rows() const override { return settings_.beam_size; }
  size_t token_count() const override;

  double no_speech_prob() const { return no_speech_prob_; }
  /// Unranked, at least one. Too few finished texts are filled up with the best unfinished ones.
  std::vector<Candidate> candidates() const;

 private:
  /// Scores are float32 sums, as in OpenAI's implementation, so that ties fall alike.
  struct Beam {
    std::vector<int> tokens;
    float score = 0;
    int row = 0;  ///< whose keys and values belong to it
  };

  void extend(const Beam& beam, std::span<const float> logits, std::vector<Beam>& extended) const;
  void update(std::vector<Beam> extended);
  bool ended() const;

  const BeamSettings settings_;
  double no_speech_prob_ = 0;
  int sampled_ = 0;
  std::vector<Beam> beams_;
  std::vector<Beam> finished_;
};

}  // namespace hearth::whisper
