#include "work_thread.h"

#include <cstdlib>
#include <utility>

#include "../cancellation.h"

namespace hearth::addon {
namespace {

/// Both threads must have ended before exit handlers destroy MLX's state under them. JavaScript's `exit` event comes
/// before every such handler and calls `end_work`; std::atexit is for processes that end without it. Node's own
/// clean-up hooks do not run on process.exit().
struct Threads {
  scheduler::Scheduler scheduler;
  WorkThread engine{[this] { return scheduler.run_one(); }};
  WorkThread interactive_audio;
  WorkThread bulk_audio;

  static Threads& instance() {
    static Threads* const threads = [] {
      std::atexit(end_work);
      return new Threads;  // never deleted: a late finalizer may still post
    }();
    return *threads;
  }
};

}  // namespace

void WorkThread::post(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    queue_.push_back(std::move(work));
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  }
  arrived_.notify_one();
}

void WorkThread::close() {
  std::deque<std::function<void()>> dropped;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    dropped.swap(queue_);
  }
  arrived_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void WorkThread::run() {
  while (auto work = next()) {
    working_.store(true, std::memory_order_relaxed);
    (*work)();
    work.reset();
    working_.store(false, std::memory_order_relaxed);
    work_steps.fetch_add(1, std::memory_order_relaxed);
  }
}

std::optional<std::function<void()>> WorkThread::next() {
  std::unique_lock lock(mutex_);
  while (!closed_ && queue_.empty()) {
    lock.unlock();
    working_.store(true, std::memory_order_relaxed);
    const bool did_something = otherwise_();
    working_.store(false, std::memory_order_relaxed);
    if (did_something) work_steps.fetch_add(1, std::memory_order_relaxed);
    lock.lock();
    if (!did_something) arrived_.wait(lock, [this] { return closed_ || !queue_.empty(); });
  }
  if (closed_) return std::nullopt;
  auto work = std::move(queue_.front());
  queue_.pop_front();
  return work;
}

void end_work() {
  process_is_ending = true;
  Threads::instance().interactive_audio.close();
  Threads::instance().bulk_audio.close();
  Threads::instance().engine.close();
}

WorkThread& engine_thread() { return Threads::instance().engine; }

scheduler::Scheduler& the_scheduler() { return Threads::instance().scheduler; }

WorkThread& audio_thread(scheduler::Priority priority) {
  auto& threads = Threads::instance();
  return priority == scheduler::Priority::bulk ? threads.bulk_audio : threads.interactive_audio;
}

}  // namespace hearth::addon
