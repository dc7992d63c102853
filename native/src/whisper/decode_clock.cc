#include "decode_clock.h"

#include "cpu_kernel.h"
#include "mlx/transforms.h"

namespace mx = mlx::core;

namespace hearth::whisper {

DecodeClock::DecodeClock(DecodeTime& time) : time_(time), device_before_(time.device) {}

DecodeClock::~DecodeClock() {
  time_.host += std::chrono::steady_clock::now() - start_ - (time_.device - device_before_);
}

void wait_for(const std::vector<mx::array>& arrays, DecodeTime& time) {
  mx::async_eval(arrays);
  const auto start = std::chrono::steady_clock::now();
  evaluate(arrays);
  time.device += std::chrono::steady_clock::now() - start;
}

}  // namespace hearth::whisper
