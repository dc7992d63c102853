#include "cpu_kernel.h"

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "mlx/allocator.h"
#include "mlx/backend/cpu/encoder.h"
#include "mlx/ops.h"
#include "mlx/primitives.h"

namespace mx = mlx::core;

namespace hearth::whisper {
namespace {

class KernelPrimitive : public mx::UnaryPrimitive {
 public:
  KernelPrimitive(mx::Stream stream, const char* name, CpuKernel kernel)
      : mx::UnaryPrimitive(stream), name_(name), kernel_(std::move(kernel)) {}

  void eval_cpu(const std::vector<mx::array>& inputs, mx::array& output) override {
    output.set_data(mx::allocator::malloc(output.nbytes()));
    // MLX keeps the buffers of a node alive until its task ran; these copies must not, or a node would own itself.
    std::vector<mx::array> held;
    held.reserve(inputs.size());
    for (const auto& input : inputs) {
      if (!input.flags().row_contiguous) throw std::logic_error(std::string(name_) + " needs row-major inputs.");
      held.push_back(mx::array::unsafe_weak_copy(input));
    }
    mx::cpu::get_command_encoder(stream()).dispatch(
        [kernel = kernel_, held = std::move(held), output = mx::array::unsafe_weak_copy(output)]() mutable {
          kernel(held, output);
        });
  }

  void eval_gpu(const std::vector<mx::array>&, mx::array&) override {
    throw std::logic_error(std::string(name_) + " runs on the CPU only.");
  }

  const char* name() const override { return name_; }

 private:
  const char* name_;
  CpuKernel kernel_;
};

}  // namespace

mx::array cpu_kernel(const char* name, mx::Shape shape, mx::Dtype dtype, std::vector<mx::array> inputs,
                     CpuKernel kernel) {
  auto primitive = std::make_shared<KernelPrimitive>(mx::default_stream(mx::Device::cpu), name, std::move(kernel));
  return mx::array(std::move(shape), dtype, std::move(primitive), std::move(inputs));
}

}  // namespace hearth::whisper
