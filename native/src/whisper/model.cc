#include "model.h"

#include <algorithm>
#include <filesystem>

#include "../errors.h"
#include "../memory.h"
#include "check_inputs.h"
#include "cpu_kernel.h"
#include "device_memory.h"
#include "mlx/device.h"
#include "mlx/memory.h"
#include "mlx/ops.h"
#include "model_weights.h"
#include "sampler.h"

namespace mx = mlx::core;

namespace hearth::whisper {
namespace {

/// Bytes of a model's layers as float16.
size_t dense_bytes(const ModelDimensions& dimensions) {
  const auto square = static_cast<size_t>(dimensions.audio_state) * dimensions.audio_state;
  const size_t encoder = 12 * square * dimensions.audio_layers;
  const size_t decoder = 16 * square * dimensions.text_layers;
  const size_t embedding = static_cast<size_t>(dimensions.vocabulary_size) * dimensions.text_state;
  return 2 * (encoder + decoder + embedding);
}

bool on_cpu() { return mx::default_device() == mx::Device::cpu; }

bool uses_cpu_operations(const ModelSource& source) {
  return source.operations == OperationsChoice::cpu || (source.operations == OperationsChoice::automatic && on_cpu());
}

/// Whether dense layers fit beside what is in memory, and leave room for work.
bool has_room_for_dense_layers(const ModelDimensions& dimensions) {
  if (on_cpu()) return true;
  const size_t device = device_memory_bytes(), used = mx::get_active_memory(), wanted = dense_bytes(dimensions);
  return wanted < device / 4 && used + 2 * wanted < device;
}

/// Of a pass of the encoder, as far as a quarter of the device holds what its windows take between layers.
int windows_in_pass(const ModelDimensions& dimensions) {
  constexpr size_t kMost = 8, kWidths = 13, kLayersAtATime = 4;
  if (on_cpu()) return kMost;
  const size_t layer = kWidths * 2 * dimensions.audio_context * dimensions.audio_state;
  return static_cast<int>(std::clamp<size_t>(device_memory_bytes() / 4 / (kLayersAtATime * layer), 1, kMost));
}

Room room_here(const ModelSource& source, const weights::Weights& weights) {
  if (uses_cpu_operations(source)) return {true, false, 1};
  const bool may_be_dense = !source.save_memory && has_room_for_dense_layers(source.dimensions);
  return {may_be_dense, source.measures && may_be_dense && weights.is_quantized(),
          source.save_memory ? 1 : windows_in_pass(source.dimensions)};
}

Computation computation_in(const Room& room, const ModelSource& source) {
  auto computation = source.computation.value_or(Computation{});
  if (!room.may_be_dense) {
    computation.dense_encoder = false;
    computation.rows_read_quantized = kAllRows;
  }
  computation.encoder_batch = std::clamp(computation.encoder_batch, 1, room.most_windows);
  return computation;
}

std::unique_ptr<Operations> make_operations(const ModelSource& source, const Room& room) {
  if (uses_cpu_operations(source)) {
    mx::set_default_device(mx::Device::cpu);
    return make_cpu_operations(source.arithmetic);
  }
  // On a CPU half precision is emulated, hundreds of times slower.
  const auto dtype = on_cpu() || source.float32 ? mx::float32 : mx::float16;
  return make_mlx_operations(dtype, computation_in(room, source), room.has_two_forms);
}

/// On a CPU the encoder is unpacked to float32: with the file, about four times its size when that holds 4 bits a
/// weight.
void require_memory_to_load(const ModelSource& source) {
  std::error_code unknown;
  auto file_bytes = std::filesystem::file_size(source.weights_path, unknown);
  for (const auto& path : source.other_weights_paths) {
    if (!unknown) file_bytes += std::filesystem::file_size(path, unknown);
  }
  if (on_cpu() && !unknown) require_memory(4 * file_bytes);
}

/// Of a model that hears no more than such a window.
ModelDimensions heard_in(const ModelDimensions& dimensions, int window_frames) {
  auto heard = dimensions;
  heard.audio_context = static_cast<int>(int64_t{dimensions.audio_context} * window_frames / kFramesPerWindow);
  return heard;
}

/// What is alive at once while a window is encoded: one block's activations of at most 12 times the state's width.
size_t activation_bytes(const ModelDimensions& dimensions) {
  return 12 * sizeof(float) * static_cast<size_t>(dimensions.audio_context) * dimensions.audio_state;
}

}  // namespace

Model::Model(const ModelSource& source)
    : Model(source, (require_memory_to_load(source), read_model_weights(source.weights_path, source.other_weights_paths))) {}

Model::Model(const ModelSource& source, const weights::Weights& weights)
    : Model(source, weights, (check_dimensions(source.dimensions), room_here(source, weights))) {}

Model::Model(const ModelSource& source, const weights::Weights& weights, const Room& room)
    : dimensions_(source.dimensions),
      room_(room),
      operations_(make_operations(source, room)),
      encoder_(weights, dimensions_, *operations_),
      decoder_(weights, dimensions_, *operations_),
      log_mel_(std::make_shared<kernels::LogMel>(dimensions_.mel_bins)),
      device_log_mel_(dimensions_.mel_bins),
      weight_bytes_(weights.bytes()),
      alignment_heads_(whisper::alignment_heads(weights)) {}

void Model::draft_with(std::shared_ptr<Model> smaller, double cost, bool is_fixed) {
  smaller_.reset();
  if (!smaller) return;
  smaller_.emplace(Smaller{std::move(smaller), {}});
  for (size_t texts = 1; texts <= kMostGuessedTexts; ++texts) {
    const auto times = static_cast<double>(texts);
    smaller_->costs.emplace_back(times * cost, times * position_cost(), !is_fixed);
  }
}

size_t Model::cross_bytes(int window_frames) const {
  const size_t own = operations_->cross_bytes(heard_in(dimensions_, window_frames));
  return own + (smaller_ ? smaller_->model->cross_bytes(window_frames) : 0);
}

size_t Model::row_bytes(int window_frames) const {
  const size_t own = operations_->row_bytes(heard_in(dimensions_, window_frames));
  return own + (smaller_ ? smaller_->model->row_bytes(window_frames) : 0);
}

TokenChooser& Model::token_chooser(const LogitFilters& filters, int end_of_text) {
  const auto fits = [&](const TokenChooser& chooser) { return chooser.fits(filters, end_of_text); };
  const auto found = std::ranges::find_if(token_choosers_, fits);
  if (found != token_choosers_.end()) return *found;
  return token_choosers_.emplace_back(filters, end_of_text, dimensions_.vocabulary_size);
}

Mel Model::log_mel(audio::Recording& recording, int64_t start_frame, int frame_count, int window_frames,
                   Loudest loudest) const {
  if (!computation().log_mel_on_device) {
    return log_mel_window(*log_mel_, recording, start_frame, frame_count, window_frames, loudest);
  }
  return recording.sound().read([&](const audio::SoundSoFar::Known& known) {
    const bool is_own = loudest == Loudest::kOfWindow;
    const float maximum = is_own ? loudest_around(*log_mel_, known, start_frame, kFramesPerWindow)
                                 : recording.log_mel_maximum(*log_mel_);
    return device_log_mel_.window(known.samples, {.value = maximum, .or_own = is_own}, start_frame, frame_count,
                                  window_frames);
  });
}

std::vector<Encoding> Model::encode(const std::vector<const Mel*>& mels, const Cancellation& cancellation) {
  for (const auto* mel : mels) {
    if (mel->frames.shape(1) == dimensions_.mel_bins && mel->frames.shape(0) == mels.front()->frames.shape(0)) continue;
    throw Error("INTERNAL", "Expected spectrograms of this model and of one length, got another.");
  }
  std::vector<Encoding> encodings;
  const size_t batch = computation().encoder_batch;
  for (size_t first = 0; first < mels.size(); first += batch) {
    if (on_cpu()) require_memory(activation_bytes(dimensions_));
    std::vector<mx::array> frames;
    for (size_t i = first; i < std::min(first + batch, mels.size()); ++i) frames.push_back(mels[i]->frames);
    const auto features = encoder_.encode(mx::stack(frames), cancellation);
    auto caches = decoder_.cross_caches(features);
    auto pending = mx::split(features, static_cast<int>(frames.size()), 0);
    for (size_t i = 0; i < frames.size(); ++i) encodings.push_back({pending[i], std::move(caches[i])});
    for (size_t i = first; i < encodings.size(); ++i) {
      for (const auto& entry : encodings[i].cross.layers) pending.insert(pending.end(), entry.begin(), entry.end());
    }
    evaluate(pending);
    encoded_windows += static_cast<int64_t>(frames.size());
  }
  if (smaller_) {
    for (size_t i = 0; i < mels.size(); ++i) encodings[i].draft = std::make_shared<DraftWindow>(DraftWindow{*mels[i]});
  }
  return encodings;
}

const EncodingPointer& Model::hear(DraftWindow& window) {
  if (window.mel) {
    const Cancellation never;
    window.encoding = std::make_shared<const Encoding>(std::move(encode({&*window.mel}, never).front()));
    window.mel.reset();
  }
  return window.encoding;
}

Encoding Model::encoding_of(const mx::array& features) const {
  Encoding encoding{features, decoder_.cross_caches(features).front()};
  check_encoding(dimensions_, encoding);
  std::vector<mx::array> pending{features};
  for (const auto& entry : encoding.cross.layers) pending.insert(pending.end(), entry.begin(), entry.end());
  evaluate(pending);
  return encoding;
}

std::vector<std::vector<float>> Model::detect_language(std::span<const EncodingPointer> encodings, int sot,
                                                       const std::vector<int>& language_tokens) const {
  check_tokens(dimensions_, {sot});
  check_tokens(dimensions_, language_tokens);
  const int count = static_cast<int>(encodings.size());
  if (count == 0 || language_tokens.empty()) return std::vector<std::vector<float>>(count);
  for (const auto& encoding : encodings) check_encoding(dimensions_, *encoding);
  const auto state = decoder_.state();
  decoder_.add_rows(*state, encodings, 1);
  const std::vector<int> tokens(count, sot), positions(count, 0);
  const auto hidden = decoder_.forward(*state, {.tokens = mx::array(tokens.begin(), {count, 1}), .positions = positions});
  auto logits = mx::contiguous(decoder_.logits(hidden));
  evaluate({logits});

  std::vector<std::vector<float>> result;
  for (int window = 0; window < count; ++window) {
    const float* row = logits.data<float>() + static_cast<int64_t>(window) * dimensions_.vocabulary_size;
    std::vector<float> chosen;
    for (const int token : language_tokens) chosen.push_back(row[token]);
    auto& probabilities = result.emplace_back();
    for (size_t i = 0; i < chosen.size(); ++i) {
      probabilities.push_back(static_cast<float>(softmax_at(chosen, static_cast<int>(i))));
    }
  }
  return result;
}

std::vector<float> Model::logits(const EncodingPointer& encoding, const std::vector<int>& tokens) const {
  check_encoding(dimensions_, *encoding);
  check_context(dimensions_, tokens);
  const int count = static_cast<int>(tokens.size());
  const auto state = decoder_.state();
  decoder_.add_rows(*state, {&encoding, 1}, count);
  const auto hidden = decoder_.forward(*state, {.tokens = mx::array(tokens.begin(), {1, count}), .positions = ascending(count)});
  auto logits = mx::contiguous(decoder_.logits(hidden));
  evaluate({logits});
  return {logits.data<float>(), logits.data<float>() + logits.size()};
}

}  // namespace hearth::whisper
