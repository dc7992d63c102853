#include "running_decode.h"

#include <algorithm>
#include <optional>
#include <ranges>
#include <utility>

#include "../memory.h"
#include "meter.h"

namespace hearth::scheduler {

RunningDecode::RunningDecode(std::shared_ptr<whisper::Model> model) : model_(std::move(model)), batch_(*model_) {}

size_t RunningDecode::bytes() const {
  size_t bytes = 0;
  for (const auto& task : tasks_) bytes += task.bytes();
  return bytes;
}

void RunningDecode::add(TextTask task) {
  for (const auto& text : task.texts) batch_.add(text);
  tasks_.push_back(std::move(task));
}

void RunningDecode::drop_cancelled() {
  std::erase_if(tasks_, [&](const TextTask& task) {
    if (!task.session->cancellation->cancelled()) return false;
    for (const auto& text : task.texts) batch_.remove(*text);
    task.answer.reject(cancelled_error());
    return true;
  });
}

void RunningDecode::step() {
  const auto steps_before = model_->decoder_steps;
  const auto time_before = model_->decode_time;
  const auto sessions = sessions_of(tasks_);
  std::vector<std::shared_ptr<whisper::Text>> ended;
  try {
    const Meter decoding(Stage::decode, sessions);
    std::optional<Meter> prompting;
    if (batch_.has_waiting()) prompting.emplace(Stage::prompt, sessions_of_waiting());
    ended = batch_.step();
  } catch (const std::exception& failure) {
    // What the rows remember is in no known state.
    const auto error = to_error(failure);
    for (const auto& task : std::exchange(tasks_, {})) task.answer.reject(error);
    batch_.clear();
    return;
  }
  const auto seconds = [](std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); };
  for (const auto& session : sessions) {
    session->record([&](Usage& usage) {
      usage.decoder_steps += model_->decoder_steps - steps_before;
      usage.decode_host_seconds += seconds(model_->decode_time.host - time_before.host);
      usage.decode_device_seconds += seconds(model_->decode_time.device - time_before.device);
    });
  }
  finish(ended);
}

std::vector<SessionPointer> RunningDecode::sessions_of_waiting() const {
  const auto is_waiting = [this](const TextTask& task) { return batch_.is_waiting(*task.texts.front()); };
  return sessions_of(tasks_ | std::views::filter(is_waiting));
}

void RunningDecode::finish(const std::vector<std::shared_ptr<whisper::Text>>& ended) {
  for (const auto& text : ended) {
    const auto task =
        std::ranges::find_if(tasks_, [&](const TextTask& each) { return std::ranges::count(each.texts, text) > 0; });
    const auto [drafted, accepted] = text->draft_count();
    task->session->record([&](Usage& usage) {
      usage.tokens += static_cast<int64_t>(text->token_count());
      usage.draft_tokens += drafted;
      usage.accepted_draft_tokens += accepted;
    });
    if (++task->ended < task->texts.size()) continue;
    task->answer.resolve(task->texts);
    tasks_.erase(task);
  }
}

}  // namespace hearth::scheduler
