#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "../audio/recording.h"
#include "../cancellation.h"
#include "../kernels/kernels.h"
#include "../weights/weights.h"
#include "computation.h"
#include "decode_clock.h"
#include "decoder.h"
#include "device_log_mel.h"
#include "draft_costs.h"
#include "draft_length.h"
#include "encoder.h"
#include "encoding.h"
#include "log_mel_window.h"
#include "token_chooser.h"

namespace hearth::whisper {

class SampledText;

/// What the memory allowed when a model was loaded.
struct Room {
  bool may_be_dense;   ///< there is room for dense layers beside quantised ones
  bool has_two_forms;  ///< it was loaded so that both forms of its layers can be tried
  int most_windows;    ///< that a pass of the encoder may hold
};

enum class OperationsChoice { automatic, cpu, mlx };

struct ModelSource {
  std::string weights_path;
  std::vector<std::string> other_weights_paths;  ///< of a model whose weights are in several files
  ModelDimensions dimensions;
  OperationsChoice operations = OperationsChoice::automatic;
  bool float32 = false;  ///< compute in float32 on a GPU too
  Arithmetic arithmetic = Arithmetic::exact;
  bool save_memory = false;  ///< keep quantised weights quantised, also where dense ones are faster
  /// What was measured to be the fastest. What the memory has no room for now stays as small as it can be.
  std::optional<Computation> computation{};
  /// Loads what `measure_computation` wants to compare, where MLX computes and there is a choice.
  bool measures = false;
};

/// A Whisper model in memory. Every member runs on the engine thread.
class Model {
 public:
  /// Throws MODEL_INVALID.
  explicit Model(const ModelSource& source);

  const ModelDimensions& dimensions() const { return dimensions_; }
  const Decoder& decoder() const { return decoder_; }
  std::string operations_name() const { return operations_->name(); }
  /// Bytes of an encoded window's cross-attention, and at most of a row that is decoded for it; with what guesses take.
  size_t cross_bytes(int window_frames = kFramesPerWindow) const;
  size_t row_bytes(int window_frames = kFramesPerWindow) const;
  const Computation& computation() const { return operations_->computation(); }
  void compute_as(const Computation& computation) { operations_->compute_as(computation); }
  /// Its layers stay as they are used now.
  void settle() { operations_->settle(); }
  const Room& room() const { return room_; }
  bool chooses_tokens() const { return operations_->chooses_tokens(); }
  double position_cost() const { return operations_->position_cost(); }
  Arithmetic arithmetic() const { return operations_->arithmetic(); }
  /// Kept for the next call with the same rules, so that it is compiled once.
  TokenChooser& token_chooser(const LogitFilters& filters, int end_of_text);
  size_t weight_bytes() const { return weight_bytes_; }
  /// Has a smaller model guess what this one says. `cost` of a guess, in runs of this one's decoder, is an estimate
  /// unless it `is_fixed`. Null for none.
  void draft_with(std::shared_ptr<Model> smaller, double cost, bool is_fixed = false);
  struct Smaller {
    std::shared_ptr<Model> model;
    std::vector<DraftCosts> costs;  ///< for one text, for two that are guessed one after the other, and so on
    GuessExperience experience{};
    // For rehearsals and benchmarks:
    std::optional<int> fixed_length{};  ///< so many tokens are guessed each time; 0 for none
    /// What is read in the place of guesses, as many.
    std::function<std::vector<int>(const SampledText& text, int count)> in_place_of_guesses{};
  };
  const std::optional<Smaller>& smaller() const { return smaller_; }
  std::optional<Smaller>& smaller() { return smaller_; }

  /// Empty when the weights file holds none.
  const std::vector<std::pair<int, int>>& alignment_heads() const { return alignment_heads_; }

  /// Looks at another part of the recording; whether all of it is known, as `log_mel` wants it.
  bool prepare_log_mel(audio::Recording& recording) const { return recording.prepare_log_mel(*log_mel_); }
  /// For whoever hears recordings on another thread.
  const std::shared_ptr<const kernels::LogMel>& log_mel_kernel() const { return log_mel_; }
  Mel log_mel(audio::Recording& recording, int64_t start_frame, int frame_count, int window_frames,
              Loudest loudest) const;

  /// One encoder pass for all windows, which are as long as each other; an encoding for each.
  std::vector<Encoding> encode(const std::vector<const Mel*>& mels, const Cancellation& cancellation);
  /// What this model, which guesses for another, hears in a window: by a pass of its encoder the first time.
  const EncodingPointer& hear(DraftWindow& window);
  /// The encoding that has these features [1, positions, state], without a pass of the encoder.
  Encoding encoding_of(const mlx::core::array& features) const;

  /// Per window the probability of each of `language_tokens`.
  std::vector<std::vector<float>> detect_language(std::span<const EncodingPointer> encodings, int sot,
                                                  const std::vector<int>& language_tokens) const;

  /// Row-major [tokens, vocabulary], without filters.
  std::vector<float> logits(const EncodingPointer& encoding, const std::vector<int>& tokens) const;

  int64_t encoded_windows = 0;
  /// Runs of the decoder in decode calls: prompts, and steps whatever their rows.
  int64_t decoder_steps = 0;
  DecodeTime decode_time;

 private:
  Model(const ModelSource& source, const weights::Weights& weights);
  Model(const ModelSource& source, const weights::Weights& weights, const Room& room);

  ModelDimensions dimensions_;
  Room room_;
  std::unique_ptr<Operations> operations_;
  Encoder encoder_;
  Decoder decoder_;
  std::shared_ptr<const kernels::LogMel> log_mel_;
  DeviceLogMel device_log_mel_;
  size_t weight_bytes_;
  std::vector<std::pair<int, int>> alignment_heads_;
  std::vector<TokenChooser> token_choosers_;
  std::optional<Smaller> smaller_;
};

}  // namespace hearth::whisper
