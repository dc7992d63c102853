#include "measure_computation.h"

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <memory>
#include <vector>

#include "mlx/ops.h"
#include "mlx/transforms.h"
#include "stopwatch.h"

namespace mx = mlx::core;

namespace hearth::whisper {
namespace {

/// The first builds kernels, and may find the device asleep.
constexpr int kVainRounds = 2;
constexpr int kTimedRounds = 5;
/// Of the decoder: the host begins each before the one before has ended, as it does in texts.
constexpr int kSteps = 12;
/// Between log-mel of the CPU and of the device, in whose units a window has values from about -1 to 2.
constexpr float kMelTolerance = 5e-5F;

/// Half a minute with a loud and a silent half.
audio::Audio noise() {
  audio::Audio audio;
  uint32_t state = 1;
  for (int i = 0; i < 30 * 16000; ++i) {
    state = state * 1664525 + 1013904223;
    audio.samples.push_back(static_cast<int16_t>(i < 15 * 16000 ? state >> 18 : 0));
  }
  return audio;
}

class Trials {
 public:
  Trials(Model& model, const TrialClock& clock, const Cancellation& cancellation)
      : model_(model), clock_(clock), cancellation_(cancellation), before_(model.computation()), recording_(noise()) {}

  std::optional<double> time(const Trial& trial) {
    cancellation_.check();
    try {
      model_.compute_as(computation_of(trial));
      const auto work = work_of(trial);
      if (trial.part == Trial::Part::log_mel && !is_like_cpu()) return std::nullopt;
      return clock_(trial, work);
    } catch (const std::exception& failure) {
      if (cancellation_.cancelled()) throw;
      // What a device cannot compute, or has no memory for, it does not have to.
      return std::nullopt;
    }
  }

 private:
  Computation computation_of(const Trial& trial) const {
    auto computation = before_;
    const bool is_dense = trial.way == Trial::Way::dense;
    if (trial.part == Trial::Part::encoder) {
      computation.dense_encoder = is_dense;
      computation.encoder_batch = trial.count;
    }
    if (trial.part == Trial::Part::decoder) computation.rows_read_quantized = is_dense ? 0 : kAllRows;
    computation.log_mel_on_device = trial.way == Trial::Way::device;
    return computation;
  }

  std::function<void()> work_of(const Trial& trial) {
    switch (trial.part) {
      case Trial::Part::encoder:
        return [this, count = trial.count] { encode(count); };
      case Trial::Part::decoder:
        return [this, state = rows_of(trial.count), rows = trial.count] { decode(*state, rows); };
      case Trial::Part::log_mel:
        return [this] { mx::eval(log_mel().frames); };
    }
    std::abort();
  }

  void encode(int windows) {
    const Mel silence{mx::zeros({kFramesPerWindow, model_.dimensions().mel_bins}, mx::float32), 0};
    encoding_ = std::make_shared<Encoding>(
        model_.encode(std::vector<const Mel*>(windows, &silence), cancellation_).front());
  }

  std::shared_ptr<AttentionState> rows_of(int count) {
    if (!encoding_) encode(1);
    std::shared_ptr<AttentionState> state = model_.decoder().state();
    model_.decoder().add_rows(*state, std::vector<EncodingPointer>(count, encoding_), 1);
    return state;
  }

  /// Steps whose tokens are chosen on the device, the next one begun before the last one has ended.
  void decode(AttentionState& state, int rows) {
    cancellation_.check();
    const auto& decoder = model_.decoder();
    auto tokens = mx::zeros({rows, 1}, mx::int32);
    for (int step = 0; step < kSteps; ++step) {
      const auto hidden = decoder.forward(state, {.tokens = tokens, .positions = std::vector<int>(rows, step)});
      tokens = mx::astype(mx::argmax(decoder.raw_logits(hidden), -1), mx::int32);
      mx::async_eval(tokens);
    }
    mx::eval(tokens);
  }

  Mel log_mel() { return model_.log_mel(recording_, 0, kFramesPerWindow, kFramesPerWindow, Loudest::kOfWindow); }

  /// A device's log-mel is used only where it gives what the CPU's gives.
  bool is_like_cpu() {
    const auto found = log_mel().frames;
    auto as_on_cpu = model_.computation();
    as_on_cpu.log_mel_on_device = false;
    const auto here = model_.computation();
    model_.compute_as(as_on_cpu);
    const auto expected = log_mel().frames;
    model_.compute_as(here);
    return mx::max(mx::abs(found - expected)).item<float>() < kMelTolerance;
  }

  Model& model_;
  TrialClock clock_;
  const Cancellation& cancellation_;
  const Computation before_;
  audio::Recording recording_;
  EncodingPointer encoding_;
};

}  // namespace

double time_work(const Trial&, const std::function<void()>& work) {
  for (int round = 0; round < kVainRounds; ++round) work();
  std::vector<double> seconds;
  for (int round = 0; round < kTimedRounds; ++round) {
    const Stopwatch watch;
    work();
    seconds.push_back(watch.seconds());
  }
  std::ranges::nth_element(seconds, seconds.begin() + kTimedRounds / 2);
  return seconds[kTimedRounds / 2];
}

TimeTrial trials_of(Model& model, const TrialClock& clock, const Cancellation& cancellation) {
  const auto trials = std::make_shared<Trials>(model, clock, cancellation);
  return [trials](const Trial& trial) { return trials->time(trial); };
}

ChosenComputation measure_computation(Model& model, int most_rows, const TrialClock& clock,
                                      const Cancellation& cancellation) {
  const auto before = model.computation();
  if (!model.chooses_tokens()) return {before, {}};
  const auto encoded_before = model.encoded_windows;
  const ComputationLimits limits{model.room().has_two_forms, model.room().most_windows, most_rows};
  auto chosen = choose_computation(limits, before, trials_of(model, clock, cancellation));
  model.compute_as(chosen.computation);
  model.settle();
  model.encoded_windows = encoded_before;
  return chosen;
}

}  // namespace hearth::whisper
