#include "listening.h"

#include <utility>

namespace hearth::audio {

Listening::Listening(std::vector<Listener> listeners, SoundSoFar& sound, const Pace& pace)
    : listeners_(std::move(listeners)), sound_(sound), pace_(pace) {
  try {
    for (const auto& listener : listeners_) threads_.emplace_back([this, &listener] { follow(listener); });
  } catch (...) {
    // The system gives no more threads.
    stop();
    throw;
  }
}

Listening::~Listening() {
  if (!have_all_heard_) stop();
}

void Listening::wait() {
  for (auto& thread : threads_) thread.join();
  threads_.clear();
  if (failure_) std::rethrow_exception(failure_);
  have_all_heard_ = true;
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
  while (true) {
    pace_.next_step();
    if (sound_.is_left()) throw cancelled_error();
    SoundSoFar::Known heard;
    const bool goes_on = sound_.read([&](const SoundSoFar::Known& known) {
      heard = known;
      return listener(known.samples, known.are_all);
    });
    if (goes_on) continue;
    if (heard.are_all || !sound_.wait_for_more(heard)) return;
  }
}

void Listening::stop() {
  sound_.stop();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace hearth::audio
