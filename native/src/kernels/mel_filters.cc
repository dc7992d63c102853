#include "mel_filters.h"

#include <algorithm>
#include <cmath>

namespace hearth::kernels {
namespace {

constexpr int kSpectrumBins = 201;
constexpr double kHertzPerBin = 40;
constexpr double kHighestHertz = 8000;

// Slaney's scale is linear to 1 kHz and logarithmic above.
constexpr double kHertzPerMel = 200.0 / 3;
constexpr double kLinearHertz = 1000;
constexpr double kLinearMels = kLinearHertz / kHertzPerMel;
const double kLogStep = std::log(6.4) / 27;

double to_mels(double hertz) {
  return hertz < kLinearHertz ? hertz / kHertzPerMel : kLinearMels + std::log(hertz / kLinearHertz) / kLogStep;
}

double to_hertz(double mels) {
  return mels < kLinearMels ? mels * kHertzPerMel : kLinearHertz * std::exp(kLogStep * (mels - kLinearMels));
}

}  // namespace

std::vector<MelBand> mel_filters(int mel_bins) {
  std::vector<double> edges;
  for (int i = 0; i < mel_bins + 2; ++i) edges.push_back(to_hertz(to_mels(kHighestHertz) * i / (mel_bins + 1)));
  std::vector<MelBand> bands(mel_bins);
  for (int band = 0; band < mel_bins; ++band) {
    const double low = edges[band], middle = edges[band + 1], high = edges[band + 2];
    bands[band].first_bin = 0;
    for (int bin = 0; bin < kSpectrumBins; ++bin) {
      const double hertz = bin * kHertzPerBin;
      const double weight = std::min((hertz - low) / (middle - low), (high - hertz) / (high - middle));
      if (weight <= 0) continue;
      if (bands[band].weights.empty()) bands[band].first_bin = bin;
      bands[band].weights.push_back(static_cast<float>(weight * 2 / (high - low)));
    }
  }
  return bands;
}

}  // namespace hearth::kernels
