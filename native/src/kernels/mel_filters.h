#pragma once

#include <vector>

namespace hearth::kernels {

/// The frequency bins of one mel band, with their weights.
struct MelBand {
  int first_bin;
  std::vector<float> weights;
};

/// librosa.filters.mel(sr=16000, n_fft=400) with Slaney's scale and normalisation, without its zeros.
std::vector<MelBand> mel_filters(int mel_bins);

}  // namespace hearth::kernels
