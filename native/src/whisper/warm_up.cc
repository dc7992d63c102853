#include "warm_up.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "../errors.h"
#include "decode_rows.h"
#include "mlx/ops.h"

namespace mx = mlx::core;

namespace hearth::whisper {
namespace {

constexpr int kPromptTokens = 3;

/// Prompts that hold a text before them. By their length MLX chooses a kernel for attention, and the tile of a product
/// with quantised weights; the last is the longest that a request can have.
std::vector<int> prompt_lengths(const ModelDimensions& dimensions) {
  return {5, 16, 32, 64, dimensions.text_context / 2 + kPromptTokens};
}

/// Prompts of different rows differ, or they would be read as one.
DecodeRow row_after(const EncodingPointer& encoding, int prompt_tokens, int row = 0, float temperature = 0) {
  const Prompt prompt{.encoding = encoding, .tokens = std::vector<int>(prompt_tokens, row), .sot_index = 0};
  return {.prompt = prompt, .temperature = temperature, .seed = 0};
}

/// Its rows go on to their last token.
DecodeRequest endless_decode(const WarmUpRequest& request, std::vector<DecodeRow> rows, int tokens) {
  DecodeRequest decode;
  decode.rows = std::move(rows);
  decode.filters = request.filters;
  decode.filters.suppress.push_back(request.end_of_text);
  decode.filters.suppress_at_begin.push_back(request.end_of_text);
  decode.end_of_text = request.end_of_text;
  decode.max_tokens = tokens;
  return decode;
}

/// Rows of unequal prompts, every other of which is given up after its second token. It leaves two steps later, and the
/// others step on without it.
void decode_shrinking_batch(Model& model, const EncodingPointer& encoding, const WarmUpRequest& request,
                            const Cancellation& cancellation) {
  std::vector<DecodeRow> rows;
  for (int row = 0; row < request.batch_size; ++row) {
    rows.push_back(row_after(encoding, kPromptTokens + row % 2, row));
    rows.back().cancellation = std::make_shared<Cancellation>();
  }
  const auto decode = endless_decode(request, std::move(rows), 6);
  std::vector<int> tokens(decode.rows.size(), 0);
  const auto give_up = [&](int row, int) {
    if (++tokens[row] == 2 && row % 2 == 1) decode.rows[row].cancellation->cancel();
  };
  decode_rows(model, decode, give_up, cancellation);
}

}  // namespace

void warm_up(Model& model, const WarmUpRequest& request, const std::function<void(int, int)>& on_progress,
             const Cancellation& cancellation) {
  if (request.batch_size < 1) throw Error("INTERNAL", "Expected a batch of at least one window, got none.");
  cancellation.check();
  // Kernels of our own are compiled with the engine: the first window takes no longer than the second.
  if (!model.chooses_tokens()) return on_progress(1, 1);
  const Mel silence{mx::zeros({kFramesPerWindow, model.dimensions().mel_bins}, mx::float32), 0};
  EncodingPointer encoding;
  const auto decode = [&](std::vector<DecodeRow> rows) {
    decode_rows(model, endless_decode(request, std::move(rows), 4), [](int, int) {}, cancellation);
  };

  std::vector<std::function<void()>> parts;
  for (int windows = 1; windows <= std::min(request.batch_size, model.encoder_batch()); ++windows) {
    parts.push_back([&, windows] {
      const std::vector<const Mel*> mels(windows, &silence);
      encoding = std::make_shared<Encoding>(model.encode(mels, cancellation).front());
    });
  }
  for (const float temperature : {0.0f, 1.0f}) {
    for (int count = 1; count <= request.batch_size; ++count) {
      parts.push_back([&, temperature, count] {
        std::vector<DecodeRow> rows;
        for (int row = 0; row < count; ++row) rows.push_back(row_after(encoding, kPromptTokens, row, temperature));
        decode(std::move(rows));
      });
    }
  }
  for (const int length : prompt_lengths(model.dimensions())) {
    parts.push_back([&, length] { decode({row_after(encoding, length)}); });
  }
  if (request.batch_size > 1) {
    parts.push_back([&] { decode_shrinking_batch(model, encoding, request, cancellation); });
  }

  const int total = static_cast<int>(parts.size());
  for (int done = 0; done < total; ++done) {
    parts[done]();
    on_progress(done + 1, total);
  }
}

}  // namespace hearth::whisper
