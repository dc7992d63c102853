#include "warm_up.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "../errors.h"
#include "decode_batch.h"
#include "guess_rehearsal.h"
#include "mlx/ops.h"
#include "mlx/transforms.h"

namespace mx = mlx::core;

namespace hearth::whisper {
namespace {

constexpr int kPromptTokens = 3;
constexpr int kTokens = 4;
constexpr int kShrinkingTokens = 6;

/// Prompts that hold a text before them. By their length MLX chooses a kernel for attention, and the tile of a product
/// with quantised weights. A request's own is no longer than half of the context and what begins a text; a draft may
/// follow.
std::vector<int> prompt_lengths(const ModelDimensions& dimensions) {
  return {5, 16, 32, 64, 128, 192, dimensions.text_context / 2 + kPromptTokens, 320, 384, dimensions.text_context - 4};
}

/// Texts that go on to their last token.
class WarmUpTexts {
 public:
  WarmUpTexts(Model& model, const WarmUpRequest& request, const Cancellation& cancellation)
      : model_(model), rules_{request.filters, request.end_of_text, std::nullopt, 0}, cancellation_(cancellation) {
    rules_.filters.suppress.push_back(request.end_of_text);
    rules_.filters.suppress_at_begin.push_back(request.end_of_text);
  }

  /// Prompts of different rows differ, or they would be read as one.
  std::shared_ptr<SampledText> make(const EncodingPointer& encoding, int prompt_tokens, int max_tokens, int row = 0,
                                    float temperature = 0) const {
    auto rules = rules_;
    rules.max_tokens = max_tokens;
    Prompt prompt{.encoding = encoding, .tokens = std::vector<int>(prompt_tokens, row), .sot_index = 0};
    return std::make_shared<SampledText>(std::move(prompt), std::move(rules), model_.dimensions().text_context,
                                         SampleSettings{temperature, 0}, [](int) {});
  }

  void decode(const std::vector<std::shared_ptr<SampledText>>& texts) const {
    DecodeBatch batch(model_);
    for (const auto& text : texts) batch.add(text);
    while (!batch.is_empty()) {
      cancellation_.check();
      batch.step();
    }
  }

  /// Texts of unequal prompts, every other of which is given up after its second token; the others step on without it.
  void decode_shrinking_batch(const EncodingPointer& encoding, int count) const {
    DecodeBatch batch(model_);
    std::vector<std::shared_ptr<SampledText>> texts;
    for (int row = 0; row < count; ++row) {
      texts.push_back(make(encoding, kPromptTokens + row % 2, kShrinkingTokens, row));
      batch.add(texts.back());
    }
    while (!batch.is_empty()) {
      cancellation_.check();
      batch.step();
      for (int row = 1; row < count; row += 2) {
        if (texts[row]->tokens().size() == 2) batch.remove(*texts[row]);
      }
    }
  }

 private:
  Model& model_;
  DecodingRules rules_;
  const Cancellation& cancellation_;
};

}  // namespace

void warm_up(Model& model, const WarmUpRequest& request, const std::function<void(int, int)>& on_progress,
             const Cancellation& cancellation) {
  if (request.batch_size < 1) throw Error("INTERNAL", "Expected a batch of at least one window, got none.");
  cancellation.check();
  // Kernels of our own are compiled with the engine: the first window takes no longer than the second.
  if (!model.chooses_tokens()) return on_progress(1, 1);
  const auto encode = [&](int windows, int frames) {
    const Mel silence{mx::zeros({frames, model.dimensions().mel_bins}, mx::float32), 0};
    auto encoded = std::make_shared<Encoding>(
        model.encode(std::vector<const Mel*>(windows, &silence), cancellation).front());
    // The smaller model hears windows one by one.
    if (model.smaller() && windows == 1) model.smaller()->model->hear(*encoded->draft);
    return encoded;
  };
  const WarmUpTexts texts(model, request, cancellation);
  EncodingPointer encoding;

  std::vector<std::function<void()>> parts;
  for (int windows = 1; windows <= std::min(request.batch_size, model.computation().encoder_batch); ++windows) {
    parts.push_back([&, windows] { encoding = encode(windows, kFramesPerWindow); });
  }
  if (model.computation().log_mel_on_device) {
    parts.push_back([&] {
      audio::Recording nothing{audio::Audio()};
      mx::eval(model.log_mel(nothing, 0, kFramesPerWindow, kFramesPerWindow, Loudest::kOfWindow).frames);
    });
  }
  for (const float temperature : {0.0f, 1.0f}) {
    for (int count = 1; count <= request.batch_size; ++count) {
      parts.push_back([&, temperature, count] {
        std::vector<std::shared_ptr<SampledText>> together;
        for (int row = 0; row < count; ++row) {
          together.push_back(texts.make(encoding, kPromptTokens, kTokens, row, temperature));
        }
        texts.decode(together);
      });
    }
  }
  for (const int length : prompt_lengths(model.dimensions())) {
    parts.push_back([&, length] { texts.decode({texts.make(encoding, length, kTokens)}); });
  }
  for (const int frames : request.short_windows) {
    parts.push_back([&, frames] {
      const auto short_encoding = encode(1, frames);
      // By itself, and beside a full window.
      texts.decode({texts.make(short_encoding, kPromptTokens, kTokens)});
      texts.decode({texts.make(short_encoding, kPromptTokens, kTokens), texts.make(encoding, kPromptTokens, kTokens)});
    });
  }
  std::optional<GuessRehearsal> rehearsal;
  if (model.smaller()) {
    rehearsal.emplace(model, [&](int tokens) { return texts.make(encoding, kPromptTokens, tokens); });
    // The second time all kernels are there.
    for (int time = 0; time < 2; ++time) {
      parts.push_back([&] {
        rehearsal->begin_again();
        rehearsal->without_guesses(cancellation);
      });
      for (int length = 1; length <= DraftLength::kMost; ++length) {
        parts.push_back([&, length] { rehearsal->with_guesses(length, cancellation); });
      }
    }
  }
  if (request.batch_size > 1) {
    parts.push_back([&] { texts.decode_shrinking_batch(encoding, request.batch_size); });
  }

  const int total = static_cast<int>(parts.size());
  for (int done = 0; done < total; ++done) {
    cancellation.check();
    parts[done]();
    on_progress(done + 1, total);
  }
}

}  // namespace hearth::whisper
