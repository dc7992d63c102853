#include "drafting.h"

#include <algorithm>

namespace hearth::whisper {

bool Drafting::is_worthwhile(const Texts& texts) {
  follow(texts.size() <= kMostGuessedTexts ? texts : Texts());
  if (guessed_.empty()) return false;
  const auto& fixed_length = model_.smaller()->fixed_length;
  const bool may_guess = fixed_length || !costs().wants_plain_run();
  bool is_worthwhile = false;
  for (auto& each : guessed_) {
    each.wanted = 0;
    // A draft that somebody else gave goes first.
    if (!may_guess || !each.text->draft().empty()) continue;
    each.wanted = fixed_length ? *fixed_length : each.length.next(static_cast<int>(each.text->tokens().size()), costs());
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
    guessed_.push_back({text, std::make_unique<Drafter>(*model_.smaller()->model, text, model_.decode_time),
                        DraftLength(text->guess_record(), model_.smaller()->experience)});
  }
}

void Drafting::hear() {
  for (auto& each : guessed_) {
    if (each.wanted > 0) each.drafter->hear();
  }
}

void Drafting::guess() {
  const auto& in_place = model_.smaller()->in_place_of_guesses;
  for (auto& each : guessed_) {
    each.before = each.text->draft_count();
    if (each.wanted == 0 || each.text->ended()) continue;
    auto guesses = each.drafter->guess(each.wanted);
    if (in_place) {
      guesses = in_place(*each.text, static_cast<int>(guesses.size()));
      each.drafter->take_as_guessed(guesses);
    }
    each.text->guess_next(guesses);
  }
}

void Drafting::learn(double seconds) {
  int most = 0;
  for (auto& each : guessed_) {
    if (each.wanted == 0) continue;
    const auto [read, accepted] = each.text->draft_count();
    const auto guessed = static_cast<int>(read - each.before.read);
    most = std::max(most, guessed);
    // A rehearsal says nothing of how often guesses are right.
    if (model_.smaller()->fixed_length) continue;
    each.length.learn(static_cast<int>(each.text->tokens().size()), guessed,
                      static_cast<int>(accepted - each.before.accepted));
  }
  const bool are_as_wanted = std::ranges::all_of(guessed_, [&](const Guessed& each) { return each.wanted <= most; });
  // Where fewer were read than guessed, as at a text's end, the time says nothing.
  if (are_as_wanted) costs().learn_round(seconds, most);
}

void Drafting::learn_plain_run(double seconds) {
  if (!guessed_.empty()) costs().learn_plain_run(seconds);
}

}  // namespace hearth::whisper
