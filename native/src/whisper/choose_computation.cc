#include "choose_computation.h"

#include <algorithm>

namespace hearth::whisper {
namespace {

using Part = Trial::Part;
using Way = Trial::Way;

/// What takes more memory has to be faster by so much: less is within what a measurement of a second may be off.
constexpr double kClearly = 1.1;
/// The decoder's quantised layers beside dense ones take little, and speed up a text alone, which somebody waits for.
constexpr double kSlightly = 1.05;
/// Twice the windows take twice the memory.
constexpr double kWorthTwice = 1.15;
constexpr int kFullPass = 4;
constexpr int kWindows[] = {1, 2, 4, 8};
/// Few, as a device may build a kernel for each: one row, two batches of products that are still bound by reading the
/// weights, and a full batch.
constexpr int kRows[] = {1, 4, 8, 24};

class Chooser {
 public:
  Chooser(const ComputationLimits& limits, const Computation& otherwise, const TimeTrial& time)
      : limits_(limits), time_(time), chosen_{otherwise, {}} {}

  ChosenComputation choose() {
    auto& computation = chosen_.computation;
    if (limits_.has_two_forms) {
      computation.dense_encoder = is_encoder_faster_dense();
      computation.rows_read_quantized = rows_read_quantized();
    }
    computation.encoder_batch = encoder_batch(computation.dense_encoder ? Way::dense : Way::quantized);
    const auto on_cpu = time({Part::log_mel, Way::cpu, 1});
    const auto on_device = time({Part::log_mel, Way::device, 1});
    if (on_cpu && on_device) computation.log_mel_on_device = *on_device < *on_cpu;
    return std::move(chosen_);
  }

 private:
  /// Each once.
  std::optional<double> time(const Trial& trial) {
    const auto known = std::ranges::find(chosen_.trials, trial, &TimedTrial::trial);
    if (known != chosen_.trials.end()) return known->seconds;
    const auto seconds = time_(trial);
    if (seconds) chosen_.trials.push_back({trial, *seconds});
    return seconds;
  }

  /// By a window alone and one of a full pass.
  bool is_encoder_faster_dense() {
    const int full = std::min(kFullPass, limits_.most_windows);
    const auto seconds = [&](Way way) {
      const auto one = time({Part::encoder, way, 1}), all = time({Part::encoder, way, full});
      return one && all ? std::optional(*one + *all / full) : std::nullopt;
    };
    const auto dense = seconds(Way::dense), quantized = seconds(Way::quantized);
    return dense && (!quantized || *quantized > kClearly * *dense);
  }

  /// Both forms stay only where each is faster for some rows.
  int rows_read_quantized() {
    int rows = 0;
    bool is_quantized_faster = false, is_dense_faster = false;
    for (const int count : kRows) {
      if (count > std::max(1, limits_.most_rows)) break;
      const auto dense = time({Part::decoder, Way::dense, count});
      const auto quantized = time({Part::decoder, Way::quantized, count});
      if (!dense || !quantized) return dense ? 0 : kAllRows;
      is_dense_faster = *quantized > kClearly * *dense;
      if (is_dense_faster) break;
      is_quantized_faster = is_quantized_faster || *dense > kSlightly * *quantized;
      rows = count;
    }
    if (!is_dense_faster) return kAllRows;
    return is_quantized_faster ? rows : 0;
  }

  /// The fewest windows that take hardly longer each than in the best pass.
  int encoder_batch(Way way) {
    std::vector<std::pair<int, double>> passes;
    for (const int count : kWindows) {
      if (count > std::max(1, limits_.most_windows)) break;
      const auto seconds = time({Part::encoder, way, count});
      if (seconds) passes.emplace_back(count, *seconds / count);
    }
    if (passes.empty()) return 1;
    const double best = std::ranges::min(passes, {}, &std::pair<int, double>::second).second;
    return std::ranges::find_if(passes, [&](const auto& pass) { return pass.second <= kWorthTwice * best; })->first;
  }

  ComputationLimits limits_;
  const TimeTrial& time_;
  ChosenComputation chosen_;
};

}  // namespace

ChosenComputation choose_computation(const ComputationLimits& limits, const Computation& otherwise,
                                     const TimeTrial& time) {
  return Chooser(limits, otherwise, time).choose();
}

}  // namespace hearth::whisper
