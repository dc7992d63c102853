#include "drafting.h"

#include <algorithm>

namespace hearth::whisper {
namespace {

/// With more, the device is busy with their rows, and guesses for one after the other take too long.
constexpr size_t kMostTexts = 4;

}  // namespace

bool Drafting::is_worthwhile(const Texts& texts) {
  const bool is_few = !texts.empty() && texts.size() <= kMostTexts;
  follow(is_few ? texts : Texts());
  const int count = static_cast<int>(guessed_.size());
  bool is_worthwhile = false;
  for (auto& each : guessed_) {
    // A draft that somebody else gave goes first.
    const bool has_draft = !each.text->draft().empty();
    each.wanted = has_draft ? 0 : each.length.next(static_cast<int>(each.text->tokens().size()), count);
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
    auto& [smaller, cost] = *model_.smaller();
    guessed_.push_back({text, std::make_unique<Drafter>(*smaller, text, model_.decode_time),
                        DraftLength(cost, model_.position_cost())});
  }
}

void Drafting::guess() {
  for (auto& each : guessed_) {
    each.before = each.text->draft_count();
    if (each.wanted > 0 && !each.text->ended()) each.text->guess(each.drafter->guess(each.wanted));
  }
}

void Drafting::learn() {
  for (auto& each : guessed_) {
    const auto [read, accepted] = each.text->draft_count();
    const auto guessed = static_cast<int>(read - each.before.read);
    if (each.wanted == 0) continue;
    each.length.learn(static_cast<int>(each.text->tokens().size()), guessed,
                      static_cast<int>(accepted - each.before.accepted));
  }
}

}  // namespace hearth::whisper
