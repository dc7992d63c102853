#include "decode_session.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "mlx/ops.h"

namespace mx = mlx::core;

namespace hearth::whisper {

mx::array ascending(int count) {
  std::vector<int> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0);
  return mx::array(numbers.begin(), {1, count});
}

Logits::Logits(mx::array values, DecodeTime& time) : values_(mx::contiguous(values)) { wait_for({values_}, time); }

std::span<float> Logits::row(int row) {
  const int vocabulary = values_.shape(1);
  return {values_.data<float>() + static_cast<int64_t>(row) * vocabulary, static_cast<size_t>(vocabulary)};
}

DecodeSession::DecodeSession(Model& model, std::span<const Prompt> prompts, int max_tokens,
                             const Cancellation& cancellation)
    : model_(model), prompts_(prompts), cancellation_(cancellation) {
  const auto length = [](const Prompt& prompt) { return static_cast<int>(prompt.tokens.size()); };
  for (const auto& prompt : prompts) column_ = std::max(column_, length(prompt));
  std::vector<RowPlacement> rows;
  for (const auto& prompt : prompts) rows.push_back({&prompt.encoding->cross, column_ - length(prompt)});
  state_ = model.decoder().state(rows, column_ + max_tokens);
}

PromptLogits DecodeSession::read_prompts(int first) {
  cancellation_.check();
  const int length = static_cast<int>(prompts_[first].tokens.size());
  std::vector<int> tokens, positions, wanted;
  int count = 0;
  for (const auto& prompt : prompts_.subspan(first)) {
    if (static_cast<int>(prompt.tokens.size()) != length) break;
    tokens.insert(tokens.end(), prompt.tokens.begin(), prompt.tokens.end());
    for (int position = 0; position < length; ++position) positions.push_back(position);
    wanted.insert(wanted.end(), {count * length + prompt.sot_index, count * length + length - 1});
    ++count;
  }
  const auto hidden = model_.decoder().forward(*state_, {.tokens = mx::array(tokens.begin(), {count, length}),
                                                         .positions = mx::array(positions.begin(), {count, length}),
                                                         .first_row = first,
                                                         .column = column_ - length});
  ++model_.decoder_steps;
  const auto all = mx::reshape(hidden, {count * length, hidden.shape(-1)});
  const auto last = mx::take(all, mx::array(wanted.begin(), {2 * count}), 0);
  return {count, Logits(model_.decoder().logits(last), model_.decode_time)};
}

void DecodeSession::select(std::span<const int> rows) { state_->select(rows); }

Logits DecodeSession::step(std::span<const int> tokens, std::span<const int> lengths) {
  const auto started = start_step(mx::array(tokens.begin(), {static_cast<int>(tokens.size()), 1}), lengths);
  return Logits(mx::astype(started, mx::float32), model_.decode_time);
}

mx::array DecodeSession::start_step(const mx::array& tokens, std::span<const int> lengths) {
  cancellation_.check();
  std::vector<int> positions(lengths.begin(), lengths.end());
  // A full row may take part in one more step, in vain.
  const int last = model_.dimensions().text_context - 1;
  for (int& position : positions) position = std::min(position - 1, last);
  const int rows = static_cast<int>(lengths.size());
  const auto hidden = model_.decoder().forward(
      *state_,
      {.tokens = tokens, .positions = mx::array(positions.begin(), {rows, 1}), .first_row = 0, .column = column_});
  ++column_;
  ++model_.decoder_steps;
  return model_.decoder().raw_logits(mx::reshape(hidden, {rows, hidden.shape(-1)}));
}

}  // namespace hearth::whisper
