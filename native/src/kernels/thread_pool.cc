#include "thread_pool.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace hearth::kernels {
namespace {

void relax() {
#if defined(__x86_64__)
  _mm_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// About 20 µs: a decoder's next operation comes sooner, and a thread that spins longer keeps a core from others.
constexpr int kSpins = 1000;

/// Workers are never joined: they own nothing that exit handlers need, and the process may end while they run.
class ThreadPool {
 public:
  explicit ThreadPool(int threads) {
    for (int i = 1; i < threads; ++i) std::thread([this] { work(); }).detach();
    workers_ = threads - 1;
  }

  int threads() const { return workers_ + 1; }

  void run(int count, int grain, const std::function<void(int, int)>& body) {
    body_ = &body;
    count_ = count;
    grain_ = grain;
    next_.store(0, std::memory_order_relaxed);
    running_.store(workers_, std::memory_order_relaxed);
    {
      const std::lock_guard lock(mutex_);
      round_.fetch_add(1, std::memory_order_release);
    }
    if (sleeping_.load(std::memory_order_seq_cst) > 0) arrived_.notify_all();
    take_runs();
    // A worker without a core still has `body`. Wait for it, and yield the core it may need.
    for (int spins = 0; running_.load(std::memory_order_acquire) != 0; ++spins) {
      if (spins < kSpins) {
        relax();
      } else {
        std::this_thread::yield();
      }
    }
    if (auto failure = std::exchange(failure_, nullptr)) std::rethrow_exception(std::move(failure));
  }

 private:
  void take_runs() {
    while (true) {
      const int first = next_.fetch_add(grain_, std::memory_order_relaxed);
      if (first >= count_) return;
      try {
        (*body_)(first, std::min(first + grain_, count_));
      } catch (...) {
        // Nothing would catch this in a worker. The caller, which waits for all workers, throws it.
        const std::lock_guard lock(mutex_);
        if (!failure_) failure_ = std::current_exception();
      }
    }
  }

  void work() {
    for (unsigned seen = 0;;) {
      seen = await_round(seen);
      take_runs();
      running_.fetch_sub(1, std::memory_order_release);
    }
  }

  unsigned await_round(unsigned seen) {
    for (int spins = 0; spins < kSpins; ++spins) {
      const unsigned round = round_.load(std::memory_order_acquire);
      if (round != seen) return round;
      relax();
    }
    std::unique_lock lock(mutex_);
    sleeping_.fetch_add(1, std::memory_order_seq_cst);
    arrived_.wait(lock, [&] { return round_.load(std::memory_order_acquire) != seen; });
    sleeping_.fetch_sub(1, std::memory_order_seq_cst);
    return round_.load(std::memory_order_acquire);
  }

  int workers_ = 0;
  const std::function<void(int, int)>* body_ = nullptr;
  int count_ = 0;
  int grain_ = 1;
  std::atomic<int> next_ = 0;
  std::atomic<int> running_ = 0;
  std::atomic<unsigned> round_ = 0;
  std::atomic<int> sleeping_ = 0;
  std::exception_ptr failure_;  ///< the first one of the round
  std::mutex mutex_;
  std::condition_variable arrived_;
};

ThreadPool* pool = nullptr;

thread_local bool is_without_pool = false;

ThreadPool& the_pool() {
  if (pool == nullptr) set_thread_count(0);
  return *pool;
}

}  // namespace

void set_thread_count(int threads) {
  const int wanted = threads > 0 ? threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  // Never deleted, and never shrunk: see ThreadPool.
  if (pool == nullptr || pool->threads() != wanted) pool = new ThreadPool(wanted);
}

int thread_count() { return is_without_pool ? 1 : the_pool().threads(); }

WithoutPool::WithoutPool() { is_without_pool = true; }
WithoutPool::~WithoutPool() { is_without_pool = false; }

void parallel_ranges(int count, int grain, const std::function<void(int, int)>& body) {
  if (count <= 0) return;
  if (count <= grain || thread_count() == 1) return body(0, count);
  the_pool().run(count, grain, body);
}

void parallel_for(int tasks, const std::function<void(int)>& body) {
  parallel_ranges(tasks, 1, [&](int first, int last) {
    for (int task = first; task < last; ++task) body(task);
  });
}

}  // namespace hearth::kernels
