#include "lane.h"

#include <algorithm>
#include <utility>

#include "../memory.h"
#include "capacity.h"
#include "meter.h"

namespace hearth::scheduler {
namespace {

template <typename Tasks>
void drop_cancelled_of(Tasks& tasks) {
  std::erase_if(tasks, [](const auto& task) {
    if (!task.session->cancellation->cancelled()) return false;
    task.answer.reject(cancelled_error());
    return true;
  });
}

template <typename Tasks>
auto take_front(Tasks& tasks) {
  auto task = std::move(tasks.front());
  tasks.pop_front();
  return task;
}

/// Does `work` and gives its result, or its failure, to whoever waits for it.
template <typename Task, typename Work>
void answer(const Task& task, const Work& work) {
  try {
    task.answer.resolve(work());
  } catch (const std::exception& failure) {
    task.answer.reject(to_error(failure));
  }
}

}  // namespace

void Lane::drop_cancelled() {
  drop_cancelled_of(speech_);
  drop_cancelled_of(encodes_);
  drop_cancelled_of(languages_);
  drop_cancelled_of(alignments_);
  drop_cancelled_of(texts_);
  for (auto& decode : decodes_) decode->drop_cancelled();
  std::erase_if(decodes_, [](const auto& decode) { return decode->is_empty(); });
}

Work Lane::run_one() { return run_next(true); }

Work Lane::run_one_of_turn(bool may_encode) {
  if (may_encode && encode_some()) return Work::encoder_pass;
  return run_next(false);
}

/// What prepares windows and what computes on them take turns, so that neither waits for the end of the other.
Work Lane::run_next(bool may_encode) {
  prepares_next_ = !prepares_next_;
  if (prepares_next_ && prepare_one()) return Work::other;
  const Work computed = compute_one(may_encode);
  if (computed != Work::none || prepares_next_) return computed;
  return prepare_one() ? Work::other : Work::none;
}

bool Lane::prepare_one() {
  const auto unprepared = std::ranges::find_if(encodes_, [](const EncodeTask& task) { return !task.is_prepared; });
  if (unprepared != encodes_.end()) {
    try {
      const Meter meter(Stage::log_mel, {unprepared->session});
      unprepared->is_prepared = unprepared->session->model->prepare_log_mel(*unprepared->recording);
    } catch (const std::exception& failure) {
      unprepared->answer.reject(to_error(failure));
      encodes_.erase(unprepared);
    }
    return true;
  }
  if (speech_.empty()) return false;
  hear_on(take_front(speech_));
  return true;
}

/// The next recording has its turn after some seconds of this one.
void Lane::hear_on(SpeechTask task) {
  try {
    bool is_done = false;
    {
      const Meter meter(Stage::voice_activity, {task.session});
      if (!task.detection) {
        task.detection.emplace(task.session->voice_activity, task.recording->audio().samples, task.known_samples,
                               task.heard);
      }
      is_done = task.detection->advance();
    }
    if (!is_done) return speech_.push_back(std::move(task));
    task.answer.resolve(task.detection->take_probabilities());
  } catch (const std::exception& failure) {
    task.answer.reject(to_error(failure));
  }
}

/// Windows are encoded before texts go on, so that as many as can be are decoded together.
Work Lane::compute_one(bool may_encode) {
  if (!languages_.empty()) {
    detect_languages();
  } else if (!alignments_.empty()) {
    align_one();
  } else if (may_encode && encode_some()) {
    return Work::encoder_pass;
  } else if (!decode_one()) {
    return Work::none;
  }
  return Work::other;
}

/// Those of one model that ask the same, in one run.
void Lane::detect_languages() {
  const auto model = languages_.front().session->model;
  const int sot = languages_.front().sot;
  const auto tokens = languages_.front().language_tokens;
  std::vector<LanguageTask> tasks;
  std::vector<whisper::EncodingPointer> encodings;
  std::erase_if(languages_, [&](LanguageTask& task) {
    if (task.session->model != model || task.sot != sot || task.language_tokens != tokens) return false;
    encodings.push_back(task.encoding);
    tasks.push_back(std::move(task));
    return true;
  });
  try {
    std::vector<std::vector<float>> probabilities;
    {
      const Meter meter(Stage::detect_language, sessions_of(tasks));
      probabilities = model->detect_language(encodings, sot, tokens);
    }
    for (size_t i = 0; i < tasks.size(); ++i) tasks[i].answer.resolve(std::move(probabilities[i]));
  } catch (const std::exception& failure) {
    for (const auto& task : tasks) task.answer.reject(to_error(failure));
  }
}

void Lane::align_one() {
  const auto task = take_front(alignments_);
  answer(task, [&] {
    const Meter meter(Stage::align, {task.session});
    return whisper::align_text(*task.session->model, task.request);
  });
}

/// The first window that is prepared, and those of its model and length behind it as far as it pays to encode them
/// together.
bool Lane::encode_some() {
  const auto first = std::ranges::find_if(encodes_, &EncodeTask::is_prepared);
  if (first == encodes_.end()) return false;
  const auto model = first->session->model;
  const int window_frames = first->window_frames;
  std::vector<EncodeTask> tasks;
  std::erase_if(encodes_, [&](EncodeTask& task) {
    const int count = static_cast<int>(tasks.size()) + 1;
    const bool is_alike = task.session->model == model && task.window_frames == window_frames;
    const bool joins = task.is_prepared && is_alike && count <= model->computation().encoder_batch;
    if (!joins || !fits(*model, count, window_frames)) return false;
    tasks.push_back(std::move(task));
    return true;
  });
  if (tasks.empty()) return false;
  try {
    std::vector<whisper::Mel> mels;
    for (const auto& task : tasks) {
      const Meter meter(Stage::log_mel, {task.session});
      mels.push_back(model->log_mel(*task.recording, task.start_frame, task.frame_count, window_frames, task.loudest));
    }
    std::vector<const whisper::Mel*> windows;
    for (const auto& mel : mels) windows.push_back(&mel);
    // What several wait for is not given up for one of them.
    const Cancellation never;
    const auto& cancellation = tasks.size() == 1 ? *tasks.front().session->cancellation : never;
    std::vector<whisper::Encoding> encodings;
    {
      const Meter meter(Stage::encode, sessions_of(tasks));
      encodings = model->encode(windows, cancellation);
    }
    for (size_t i = 0; i < tasks.size(); ++i) {
      tasks[i].session->record([&](Usage& usage) {
        ++usage.windows;
        usage.window_seconds += window_frames / 100.0;
      });
      tasks[i].answer.resolve(keep(std::move(encodings[i]), window_bytes(*model, window_frames)));
    }
  } catch (const std::exception& failure) {
    for (const auto& task : tasks) task.answer.reject(to_error(failure));
  }
  return true;
}

bool Lane::decode_one() {
  while (!texts_.empty() && has_room_for(texts_.front())) {
    const auto model = texts_.front().session->model;
    const auto known = std::ranges::find(decodes_, model, &RunningDecode::model);
    auto& decode = known == decodes_.end() ? decodes_.emplace_back(std::make_unique<RunningDecode>(model)) : *known;
    decode->add(take_front(texts_));
  }
  if (decodes_.empty()) return false;
  // Each model has its turn.
  std::ranges::rotate(decodes_, decodes_.begin() + 1);
  decodes_.back()->step();
  if (decodes_.back()->is_empty()) decodes_.pop_back();
  return true;
}

/// Whether so many more windows of this length fit in the memory. One always does where there is none.
bool Lane::fits(const whisper::Model& model, int windows, int window_frames) const {
  const size_t open = *open_bytes_;
  if (open == 0 && windows == 1) return true;
  return open + static_cast<size_t>(windows) * window_bytes(model, window_frames) <= capacity_bytes();
}

/// Whether a task's texts may join now. Those that are too many for the memory wait until others have ended, of whatever
/// model.
bool Lane::has_room_for(const TextTask& task) const {
  size_t taken = 0;
  for (const auto& decode : decodes_) taken += decode->bytes();
  return taken == 0 || taken + task.bytes() <= capacity_bytes();
}

whisper::EncodingPointer Lane::keep(whisper::Encoding encoding, size_t bytes) const {
  auto kept = std::make_unique<whisper::Encoding>(std::move(encoding));
  *open_bytes_ += bytes;
  return {kept.release(), [open = open_bytes_, bytes](const whisper::Encoding* owned) {
            delete owned;
            *open -= bytes;
          }};
}

}  // namespace hearth::scheduler
