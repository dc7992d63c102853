#include "guess_rehearsal.h"

#include <algorithm>
#include <utility>

#include "decode_batch.h"

namespace hearth::whisper {
namespace {

/// The first token, two rounds that are right with one that is wrong behind each, and one more that is right.
constexpr int tokens_for(int length) { return 1 + 2 * (length + 1 + 1) + length + 1; }

}  // namespace

GuessRehearsal::GuessRehearsal(Model& model, MakeText make_text) : model_(model), make_text_(std::move(make_text)) {
  model_.smaller()->fixed_length = 0;
}

GuessRehearsal::~GuessRehearsal() {
  model_.smaller()->fixed_length.reset();
  model_.smaller()->in_place_of_guesses = nullptr;
}

void GuessRehearsal::without_guesses(const Cancellation& cancellation) {
  model_.smaller()->fixed_length = 0;
  answer_ = decode(tokens_for(DraftLength::kMost), cancellation);
}

void GuessRehearsal::with_guesses(int length, const Cancellation& cancellation) {
  model_.smaller()->fixed_length = length;
  model_.smaller()->in_place_of_guesses = [this, are_right = false](const SampledText& text, int count) mutable {
    are_right = !are_right;
    const auto next = answer_.begin() + std::ssize(text.tokens());
    std::vector<int> guesses(next, next + std::min<int64_t>(count, answer_.end() - next));
    if (!are_right && !guesses.empty()) guesses.front() = guesses.front() == 0 ? 1 : 0;
    return guesses;
  };
  decode(tokens_for(length), cancellation);
  model_.smaller()->fixed_length = 0;
}

void GuessRehearsal::begin_again() {
  for (auto& costs : model_.smaller()->costs) costs.begin_again();
}

std::vector<int> GuessRehearsal::decode(int tokens, const Cancellation& cancellation) {
  const auto text = make_text_(tokens);
  DecodeBatch batch(model_);
  batch.add(text);
  while (!batch.is_empty()) {
    cancellation.check();
    batch.step();
  }
  return text->tokens();
}

}  // namespace hearth::whisper
