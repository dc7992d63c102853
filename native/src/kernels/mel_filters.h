#pragma once

#include <vector>

namespace hearth::kernels {

/// The frequency bins that one mel band hears, and how loudly.
struct MelBand {
  int first_bin;
  std::vector<float> weights;
};

/// librosa.filters.mel(sr=16000, n_fft=400), Slaney's scale and normalisation, without its zeros.
std::vector<MelBand> mel_filters(int mel_bins);

}  // namespace hearth::kernels
