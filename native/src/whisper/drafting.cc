#include "drafting.h"

#include <algorithm>

#include "stopwatch.h"

namespace hearth::whisper {
namespace {

/// With more, the device is busy with their rows, and guesses for one after the other take too long.
constexpr size_t kMostTexts = 4;

}  // namespace

bool Drafting::is_worthwhile(const Texts& texts) {
  const bool is_few = !texts.empty() && texts.size() <= kMostTexts;
  follow(is_few ? texts : Texts());
  const int count = static_cast<int>(guessed_.size());
  const bool may_guess = !model_.smaller()->costs.wants_plain_run();
  bool is_worthwhile = false;
  for (auto& each : guessed_) {
    // A draft that somebody else gave goes first.
    const bool has_draft = !each.text->draft().empty();
    each.wanted = has_draft || !may_guess ? 0 : each.length.next(static_cast<int>(each.text->tokens().size()), count);
    is_worthwhile = is_worthwhile || each.wanted > 0;
  }
  return is_worthwhile;
}

/// Keeps what was read of these texts, and nothing of others.
void Drafting::follow(const Texts& texts) {
  std::erase_if(guessed_, [&](const Guessed& each) { return std::ranges::count(texts, each.text) == 0; });
  for (const auto& text : texts) {
    const auto known = std::ranges::find(guessed_, text, &Guessed::text);
    if (known != guessed_.end() || !text->prompt().encoding->draft) continue;
    auto& [smaller, costs] = *model_.smaller();
    guessed_.push_back({text, std::make_unique<Drafter>(*smaller, text, model_.decode_time),
                        DraftLength(costs, text->guess_record())});
  }
}

void Drafting::guess() {
  auto& [smaller, costs] = *model_.smaller();
  for (auto& each : guessed_) {
    each.before = each.text->draft_count();
    if (each.wanted == 0 || each.text->ended()) continue;
    const Stopwatch watch;
    const auto runs_before = smaller->decoder_steps;
    each.text->guess_next(each.drafter->guess(each.wanted));
    costs.learn_guesses(watch.seconds(), static_cast<int>(smaller->decoder_steps - runs_before));
  }
}

void Drafting::learn(double seconds) {
  int all_read = 0;
  for (auto& each : guessed_) {
    const auto [read, accepted] = each.text->draft_count();
    const auto guessed = static_cast<int>(read - each.before.read);
    if (each.wanted == 0) continue;
    all_read += guessed;
    each.length.learn(static_cast<int>(each.text->tokens().size()), guessed,
                      static_cast<int>(accepted - each.before.accepted));
  }
  model_.smaller()->costs.learn_reading(seconds, all_read);
}

void Drafting::learn_plain_run(double seconds) {
  if (!guessed_.empty()) model_.smaller()->costs.learn_plain_run(seconds);
}

}  // namespace hearth::whisper
