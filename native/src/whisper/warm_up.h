#pragma once

#include <functional>
#include <vector>

#include "model.h"

namespace hearth::whisper {

struct WarmUpRequest {
  int batch_size;
  LogitFilters filters;  ///< as the requests to come have them
  int end_of_text;
  std::vector<int> short_windows = {};  ///< frames of the windows shorter than 30 s that are to come
};

/// Runs encoder, prompt and a few steps at each batch size from 1 to the request's. Where MLX computes, which builds
/// kernels as it meets them, also short windows, prompts of several lengths, and a batch of unequal prompts that some rows
/// leave. Guesses of a smaller model are rehearsed and timed.
void warm_up(Model& model, const WarmUpRequest& request, const std::function<void(int done, int total)>& on_progress,
             const Cancellation& cancellation);

}  // namespace hearth::whisper
