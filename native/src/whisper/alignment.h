#pragma once

#include <vector>

namespace hearth::whisper {

/// Cross-attention scores of one head before the softmax, row-major [tokens, frames].
using HeadScores = std::vector<float>;

/// Where each token starts, in audio positions of 20 ms (openai/whisper timing.py find_alignment): softmax over the
/// frames, normalisation over the tokens, a median filter of 7 over the frames, the mean of the heads, dynamic time
/// warping. Rows [first_token, last_token) take part in the warping, all rows in the normalisation.
std::vector<int> align_tokens(std::vector<HeadScores> heads, int tokens, int frames, int first_token, int last_token);

}  // namespace hearth::whisper
