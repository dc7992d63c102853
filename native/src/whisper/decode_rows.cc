#include "decode_rows.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <random>

#include "mlx/ops.h"
#include "mlx/transforms.h"
#include "sampler.h"

namespace mx = mlx::core;

namespace hearth::whisper {
namespace {

/// One row on its way: where it stands and what it has sampled.
struct ActiveRow {
  int index;   ///< in the request
  int length;  ///< prompt and sampled tokens
  int last_token;
  std::mt19937_64 random;
};

class RowDecoder {
 public:
  RowDecoder(Model& model, const Encoding& encoding, const DecodeRequest& request,
             const std::function<void(int, int)>& on_token, const Cancellation& cancellation)
      : model_(model),
        request_(request),
        on_token_(on_token),
        cancellation_(cancellation),
        results_(request.rows.size()) {
    for (const auto& row : request.rows) column_ = std::max(column_, static_cast<int>(row.prompt.size()));
    std::vector<RowPlacement> placements;
    for (const auto& row : request.rows) {
      placements.push_back({row.window, column_ - static_cast<int>(row.prompt.size())});
    }
    state_ = model.decoder().state(encoding.cross, placements, column_ + request.max_tokens);
  }

  std::vector<DecodeResult> run() {
    if (request_.max_tokens <= 0) return std::move(results_);
    for (size_t index = 0; index < request_.rows.size(); ++index) read_prompt(static_cast<int>(index));
    drop_finished();
    for (int sampled = 1; sampled < request_.max_tokens && !active_.empty(); ++sampled) {
      cancellation_.check();
      step();
      drop_finished();
    }
    return std::move(results_);
  }

 private:
  /// Runs a row's prompt and samples its first token from the last position.
  void read_prompt(int index) {
    cancellation_.check();
    const auto& row = request_.rows[index];
    const int length = static_cast<int>(row.prompt.size());
    std::vector<int> positions(length);
    std::iota(positions.begin(), positions.end(), 0);
    const auto hidden = model_.decoder().forward(*state_, {row.prompt, positions, 1, index, column_ - length});
    ++model_.decoder_steps;

    const std::vector<int> wanted{row.sot_index, length - 1};
    auto logits = evaluated(mx::take(mx::squeeze(hidden, 0), mx::array(wanted.begin(), {2}, mx::int32), 0));
    if (request_.no_speech) {
      results_[index].no_speech_prob = softmax_at(row_of(logits, 0), *request_.no_speech);
    }
    active_.push_back({index, length, 0, std::mt19937_64(row.seed)});
    choose(active_.back(), row_of(logits, 1));
  }

  /// One token for every active row.
  void step() {
    std::vector<int> tokens, positions;
    for (const auto& row : active_) {
      tokens.push_back(row.last_token);
      positions.push_back(row.length - 1);
    }
    const int rows = static_cast<int>(active_.size());
    const auto hidden = model_.decoder().forward(*state_, {tokens, positions, rows, 0, column_});
    auto logits = evaluated(mx::reshape(hidden, {rows, hidden.shape(-1)}));
    ++column_;
    ++model_.decoder_steps;
    for (int row = 0; row < rows; ++row) choose(active_[row], row_of(logits, row));
  }

  mx::array evaluated(const mx::array& hidden) const {
    auto logits = mx::contiguous(model_.decoder().logits(hidden));
    logits.eval();
    return logits;
  }

  /// The filters work in place: the array is this step's own and is not read again.
  std::span<float> row_of(mx::array& logits, int row) const {
    const int vocabulary = model_.dimensions().vocabulary_size;
    return {logits.data<float>() + static_cast<int64_t>(row) * vocabulary, static_cast<size_t>(vocabulary)};
  }

  void choose(ActiveRow& row, std::span<float> logits) {
    auto& result = results_[row.index];
    apply_logit_filters(request_.filters, result.tokens, logits);
    const auto next = sample(logits, request_.rows[row.index].temperature, row.random);
    result.sum_logprob += next.logprob;
    row.last_token = next.token;
    if (next.token == request_.end_of_text) return;
    result.tokens.push_back(next.token);
    ++row.length;
    on_token_(row.index, next.token);
  }

  /// OpenAI stops at the end of text and when a text would outgrow the context.
  bool finished(const ActiveRow& row) const {
    return row.last_token == request_.end_of_text || row.length > model_.dimensions().text_context;
  }

  void drop_finished() {
    std::vector<int> kept;
    std::vector<ActiveRow> active;
    for (size_t i = 0; i < active_.size(); ++i) {
      if (finished(active_[i])) continue;
      kept.push_back(static_cast<int>(i));
      active.push_back(active_[i]);
    }
    if (kept.size() == active_.size()) return;
    active_ = std::move(active);
    if (!active_.empty()) state_->keep(kept);
  }

  Model& model_;
  const DecodeRequest& request_;
  const std::function<void(int, int)>& on_token_;
  const Cancellation& cancellation_;
  std::vector<DecodeResult> results_;
  std::unique_ptr<AttentionState> state_;
  std::vector<ActiveRow> active_;
  int column_ = 0;  ///< where the next step appends
};

}  // namespace

std::vector<DecodeResult> decode_rows(Model& model, const Encoding& encoding, const DecodeRequest& request,
                                      const std::function<void(int, int)>& on_token, const Cancellation& cancellation) {
  return RowDecoder(model, encoding, request, on_token, cancellation).run();
}

}  // namespace hearth::whisper
