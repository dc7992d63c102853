#include "alignment.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>

namespace hearth::whisper {
namespace {

constexpr int kMedianWidth = 7;

void softmax_rows(HeadScores& scores, int tokens, int frames) {
  for (int token = 0; token < tokens; ++token) {
    const std::span row(scores.data() + static_cast<size_t>(token) * frames, frames);
    const float largest = *std::ranges::max_element(row);
    float sum = 0;
    for (float& value : row) sum += value = std::exp(value - largest);
    for (float& value : row) value /= sum;
  }
}

/// Mean 0 and standard deviation 1 over the tokens, for every frame.
void normalize_columns(HeadScores& scores, int tokens, int frames) {
  for (int frame = 0; frame < frames; ++frame) {
    double sum = 0, squares = 0;
    for (int token = 0; token < tokens; ++token) sum += scores[static_cast<size_t>(token) * frames + frame];
    const double mean = sum / tokens;
    for (int token = 0; token < tokens; ++token) {
      const double distance = scores[static_cast<size_t>(token) * frames + frame] - mean;
      squares += distance * distance;
    }
    const double deviation = std::sqrt(squares / tokens);
    for (int token = 0; token < tokens; ++token) {
      float& value = scores[static_cast<size_t>(token) * frames + frame];
      value = static_cast<float>((value - mean) / deviation);
    }
  }
}

/// Reflects at both ends; rows too short to reflect stay as they are.
void median_filter_rows(HeadScores& scores, int tokens, int frames) {
  constexpr int kReach = kMedianWidth / 2;
  if (frames <= kReach) return;
  std::vector<float> padded(frames + 2 * kReach);
  for (int token = 0; token < tokens; ++token) {
    float* row = scores.data() + static_cast<size_t>(token) * frames;
    std::copy_n(row, frames, padded.begin() + kReach);
    for (int i = 1; i <= kReach; ++i) {
      padded[kReach - i] = row[i];
      padded[kReach + frames - 1 + i] = row[frames - 1 - i];
    }
    for (int frame = 0; frame < frames; ++frame) {
      std::array<float, kMedianWidth> window;
      std::copy_n(padded.begin() + frame, kMedianWidth, window.begin());
      std::ranges::nth_element(window, window.begin() + kReach);
      row[frame] = window[kReach];
    }
  }
}

/// openai/whisper timing.py dtw on the negated matrix [tokens, frames]: the frame at which the path enters each token.
std::vector<int> warp(const std::vector<float>& matrix, int tokens, int frames) {
  enum Step : uint8_t { kBoth, kToken, kFrame };
  const int width = frames + 1;
  std::vector<float> previous(tokens + 1, std::numeric_limits<float>::infinity()), current(tokens + 1);
  std::vector<Step> trace(static_cast<size_t>(tokens + 1) * width, kFrame);
  previous[0] = 0;
  for (int frame = 1; frame <= frames; ++frame) {
    current[0] = std::numeric_limits<float>::infinity();
    for (int token = 1; token <= tokens; ++token) {
      const float both = previous[token - 1], by_token = current[token - 1], by_frame = previous[token];
      const Step step = both < by_token && both < by_frame       ? kBoth
                        : by_token < both && by_token < by_frame ? kToken
                                                                 : kFrame;
      const float cost = step == kBoth ? both : step == kToken ? by_token : by_frame;
      current[token] = cost - matrix[static_cast<size_t>(token - 1) * frames + frame - 1];
      trace[static_cast<size_t>(token) * width + frame] = step;
    }
    std::swap(previous, current);
  }
  std::vector<int> starts(tokens, 0);
  for (int token = tokens, frame = frames; token > 0;) {
    starts[token - 1] = std::max(frame - 1, 0);
    const Step step = frame == 0 ? kToken : trace[static_cast<size_t>(token) * width + frame];
    if (step != kFrame) --token;
    if (step != kToken) --frame;
  }
  return starts;
}

}  // namespace

std::vector<int> align_tokens(std::vector<HeadScores> heads, int tokens, int frames, int first_token, int last_token) {
  const int aligned = last_token - first_token;
  std::vector<float> mean(static_cast<size_t>(aligned) * frames, 0.0f);
  for (auto& scores : heads) {
    softmax_rows(scores, tokens, frames);
    normalize_columns(scores, tokens, frames);
    median_filter_rows(scores, tokens, frames);
    const float* rows = scores.data() + static_cast<size_t>(first_token) * frames;
    for (size_t i = 0; i < mean.size(); ++i) mean[i] += rows[i] / static_cast<float>(heads.size());
  }
  return warp(mean, aligned, frames);
}

}  // namespace hearth::whisper
