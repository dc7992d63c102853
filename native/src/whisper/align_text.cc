#include "align_text.h"

#include "alignment.h"
#include "check_inputs.h"
#include "cpu_kernel.h"
#include "mlx/ops.h"
#include "sampler.h"

namespace mx = mlx::core;

namespace hearth::whisper {
namespace {

std::vector<int> all_tokens(const AlignRequest& request) {
  std::vector<int> tokens = request.prompt;
  tokens.insert(tokens.end(), request.text.begin(), request.text.end());
  tokens.push_back(request.end_of_text);
  return tokens;
}

/// The first `frames` columns of scores [tokens, positions].
HeadScores first_columns(const mx::array& scores, int frames) {
  const int width = scores.shape(1);
  HeadScores result;
  result.reserve(static_cast<size_t>(scores.shape(0)) * frames);
  for (int token = 0; token < scores.shape(0); ++token) {
    const float* row = scores.data<float>() + static_cast<int64_t>(token) * width;
    result.insert(result.end(), row, row + frames);
  }
  return result;
}

/// Softmax over the text vocabulary alone: ids below the end of text.
std::vector<float> token_probabilities(const mx::array& logits, const AlignRequest& request) {
  std::vector<float> probabilities;
  for (size_t i = 0; i < request.text.size(); ++i) {
    // The prompt's last token is no-timestamps; its logits predict the first text token.
    const int64_t position = static_cast<int64_t>(request.prompt.size()) - 1 + static_cast<int64_t>(i);
    const float* values = logits.data<float>() + position * logits.shape(1);
    probabilities.push_back(
        static_cast<float>(softmax_at({values, static_cast<size_t>(request.end_of_text)}, request.text[i])));
  }
  return probabilities;
}

}  // namespace

Alignment align_text(const Model& model, const AlignRequest& request) {
  check_alignment(model.dimensions(), request);
  const auto tokens = all_tokens(request);
  const int count = static_cast<int>(tokens.size());
  const auto state = model.decoder().state();
  model.decoder().add_rows(*state, {&request.encoding, 1}, count);
  std::vector<mx::array> queries;
  const auto hidden = model.decoder().forward(
      *state, {.tokens = mx::array(tokens.begin(), {1, count}, mx::int32), .positions = ascending(count)}, &queries);

  auto logits = mx::contiguous(mx::squeeze(model.decoder().logits(hidden), 0));
  std::vector<mx::array> pending{logits};
  std::vector<mx::array> scores;
  for (const auto& [layer, head] : request.heads) {
    scores.push_back(mx::contiguous(state->cross_scores(layer, head, queries[layer], 0)));
    pending.push_back(scores.back());
  }
  evaluate(pending);

  std::vector<HeadScores> heads;
  for (const auto& score : scores) heads.push_back(first_columns(score, request.frames));
  const int first = static_cast<int>(request.prompt.size()) - 1;
  return {align_tokens(std::move(heads), count, request.frames, first, count - 1),
          token_probabilities(logits, request)};
}

}  // namespace hearth::whisper
