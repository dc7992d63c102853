#include "listening.h"

#include <algorithm>
#include <utility>

namespace hearth::audio {

Listening::Listening(std::vector<Listener> listeners, const Pace& pace)
    : listeners_(std::move(listeners)), pace_(pace) {
  try {
    for (const auto& listener : listeners_) threads_.emplace_back([this, &listener] { follow(listener); });
  } catch (...) {
    // The system gives no more threads.
    stop();
    throw;
  }
}

Listening::~Listening() { stop(); }

void Listening::make_room(std::vector<int16_t>& samples, size_t count) {
  const size_t needed = samples.size() + count;
  if (needed <= samples.capacity()) return;
  while_nobody_hears([&] {
    samples.reserve(std::max(needed, 2 * samples.capacity()));
    there_is_.samples = samples.data();
  });
}

void Listening::take_back(std::vector<int16_t>& samples, size_t count) {
  while_nobody_hears([&] {
    samples.resize(count);
    there_is_.count = count;
    ++there_is_.times_taken_back;
  });
}

void Listening::tell(const std::vector<int16_t>& samples) {
  if (threads_.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    there_is_.samples = samples.data();
    there_is_.count = samples.size();
  }
  changed_.notify_all();
}

void Listening::end(const std::vector<int16_t>& samples) {
  tell(samples);
  {
    const std::lock_guard lock(mutex_);
    there_is_.are_all = true;
  }
  changed_.notify_all();
}

void Listening::wait() {
  for (auto& thread : threads_) thread.join();
  threads_.clear();
  if (failure_) std::rethrow_exception(failure_);
}

void Listening::follow(const Listener& listener) {
  try {
    hear_all(listener);
  } catch (...) {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::current_exception();
  }
}

void Listening::hear_all(const Listener& listener) {
  Heard heard;
  for (bool is_done = false; !is_done;) {
    pace_.next_step();
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return is_stopped_ || !is_changing_; });
      if (is_stopped_) return;
      ++hearing_;
      if (heard.times_taken_back != there_is_.times_taken_back) listener.forget();
      heard = there_is_;
    }
    bool goes_on = false;
    const std::exception_ptr failure = [&]() -> std::exception_ptr {
      try {
        goes_on = listener.hear({heard.samples, heard.count}, heard.are_all);
        return nullptr;
      } catch (...) {
        return std::current_exception();
      }
    }();
    std::unique_lock lock(mutex_);
    if (--hearing_ == 0) changed_.notify_all();
    if (failure) std::rethrow_exception(failure);
    is_done = heard.are_all && !goes_on;
    if (!goes_on && !is_done) changed_.wait(lock, [&] { return is_stopped_ || there_is_ != heard; });
  }
}

void Listening::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
  }
  changed_.notify_all();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

void Listening::while_nobody_hears(const std::function<void()>& change) {
  {
    std::unique_lock lock(mutex_);
    is_changing_ = true;
    changed_.wait(lock, [&] { return hearing_ == 0; });
    change();
    is_changing_ = false;
  }
  changed_.notify_all();
}

}  // namespace hearth::audio
