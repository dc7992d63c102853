#include "cpu_kernel.h"

#include <algorithm>
#include <exception>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>

#include "../memory.h"
#include "mlx/allocator.h"
#include "mlx/backend/cpu/encoder.h"
#include "mlx/ops.h"
#include "mlx/primitives.h"
#include "mlx/transforms.h"

namespace mx = mlx::core;

namespace hearth::whisper {
namespace {

/// The first thing that a kernel threw in MLX's thread, where nobody catches it.
class KernelFailure {
 public:
  void keep(std::exception_ptr failure) {
    const std::lock_guard lock(mutex_);
    if (!first_) first_ = std::move(failure);
  }

  std::exception_ptr take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(first_, nullptr);
  }

 private:
  std::mutex mutex_;
  std::exception_ptr first_;
};

KernelFailure kernel_failure;

class KernelPrimitive : public mx::UnaryPrimitive {
 public:
  KernelPrimitive(mx::Stream stream, const char* name, CpuKernel kernel)
      : mx::UnaryPrimitive(stream), name_(name), kernel_(std::move(kernel)) {}

  void eval_cpu(const std::vector<mx::array>& inputs, mx::array& output) override {
    auto buffer = mx::allocator::malloc(output.nbytes());
    if (buffer.buffer().ptr() == nullptr) {
      // Tasks that were handed over still write to the graph that the error is about to free.
      mx::synchronize(stream());
      throw out_of_memory();
    }
    output.set_data(std::move(buffer));
    // MLX keeps the buffers of a node alive until its task ran; these copies must not, or a node would own itself.
    std::vector<mx::array> held;
    held.reserve(inputs.size());
    for (const auto& input : inputs) {
      if (!input.flags().row_contiguous) throw std::logic_error(std::string(name_) + " needs row-major inputs.");
      held.push_back(mx::array::unsafe_weak_copy(input));
    }
    mx::cpu::get_command_encoder(stream()).dispatch(
        [kernel = kernel_, held = std::move(held), output = mx::array::unsafe_weak_copy(output)]() mutable {
          try {
            kernel(held, output);
          } catch (...) {
            kernel_failure.keep(std::current_exception());
          }
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

/// To hand a kernel over to MLX's thread takes longer than a small one runs, and a step of the decoder has seventy.
mx::array compute_now(mx::Shape shape, mx::Dtype dtype, const std::vector<mx::array>& inputs, const CpuKernel& kernel) {
  size_t bytes = mx::size_of(dtype);
  for (const auto size : shape) bytes *= static_cast<size_t>(size);
  auto buffer = mx::allocator::malloc(bytes);
  if (buffer.buffer().ptr() == nullptr) throw out_of_memory();
  mx::array output(std::move(buffer), std::move(shape), dtype);
  kernel(inputs, output);
  return output;
}

}  // namespace

mx::array cpu_kernel(const char* name, mx::Shape shape, mx::Dtype dtype, std::vector<mx::array> inputs,
                     CpuKernel kernel) {
  const auto is_there = [](const mx::array& input) { return input.is_available() && input.flags().row_contiguous; };
  if (std::ranges::all_of(inputs, is_there)) return compute_now(std::move(shape), dtype, inputs, kernel);
  auto primitive = std::make_shared<KernelPrimitive>(mx::default_stream(mx::Device::cpu), name, std::move(kernel));
  return mx::array(std::move(shape), dtype, std::move(primitive), std::move(inputs));
}

void throw_kernel_failure() {
  if (const auto failure = kernel_failure.take()) std::rethrow_exception(failure);
}

void evaluate(const std::vector<mx::array>& arrays) {
  mx::eval(arrays);
  throw_kernel_failure();
}

}  // namespace hearth::whisper
