#include "decode_rows.h"

#include <algorithm>
#include <random>

#include "sampler.h"

namespace hearth::whisper {
namespace {

/// One row on its way: where it stands and what it sampled last.
struct ActiveRow {
  int index;   ///< in the request
  int length;  ///< prompt and sampled tokens
  int last_token;
  std::mt19937_64 random;
};

std::vector<Prompt> distinct_prompts(const DecodeRequest& request) {
  std::vector<Prompt> prompts;
  for (const auto& row : request.rows) {
    if (std::ranges::find(prompts, row.prompt) == prompts.end()) prompts.push_back(row.prompt);
  }
  return prompts;
}

class RowDecoder {
 public:
  RowDecoder(Model& model, const Encoding& encoding, const DecodeRequest& request,
             const std::function<void(int, int)>& on_token, const Cancellation& cancellation)
      : text_context_(model.dimensions().text_context),
        request_(request),
        on_token_(on_token),
        prompts_(distinct_prompts(request)),
        session_(model, encoding, prompts_, request.max_tokens, cancellation),
        results_(request.rows.size()) {}

  std::vector<DecodeResult> run() {
    begin();
    for (int sampled = 1; sampled < request_.max_tokens && !active_.empty(); ++sampled) {
      std::vector<int> tokens, lengths;
      for (const auto& row : active_) {
        tokens.push_back(row.last_token);
        lengths.push_back(row.length);
      }
      auto logits = session_.step(tokens, lengths);
      for (size_t i = 0; i < active_.size(); ++i) choose(active_[i], logits.row(static_cast<int>(i)));
      drop_finished();
    }
    return std::move(results_);
  }

 private:
  /// Reads every prompt once and samples the first token of each row that starts from it.
  void begin() {
    std::vector<int> sources;
    for (size_t p = 0; p < prompts_.size(); ++p) {
      auto logits = session_.read_prompt(static_cast<int>(p));
      for (size_t index = 0; index < request_.rows.size(); ++index) {
        const auto& row = request_.rows[index];
        if (row.prompt != prompts_[p]) continue;
        if (request_.no_speech) results_[index].no_speech_prob = softmax_at(logits.row(0), *request_.no_speech);
        std::vector<float> own(logits.row(1).begin(), logits.row(1).end());
        const int length = static_cast<int>(row.prompt.tokens.size());
        active_.push_back({static_cast<int>(index), length, 0, std::mt19937_64(row.seed)});
        choose(active_.back(), own);
        sources.push_back(static_cast<int>(p));
      }
    }
    if (prompts_.size() < active_.size()) session_.select(sources);
    drop_finished();
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
    return row.last_token == request_.end_of_text || row.length > text_context_ || results_[row.index].cancelled;
  }

  void notice_cancelled() {
    for (const auto& row : active_) {
      const auto& cancellation = request_.rows[row.index].cancellation;
      if (cancellation && cancellation->cancelled()) results_[row.index].cancelled = true;
    }
  }

  void drop_finished() {
    notice_cancelled();
    std::vector<int> kept;
    std::vector<ActiveRow> active;
    for (size_t i = 0; i < active_.size(); ++i) {
      if (finished(active_[i])) continue;
      kept.push_back(static_cast<int>(i));
      active.push_back(active_[i]);
    }
    if (kept.size() == active_.size()) return;
    active_ = std::move(active);
    if (!active_.empty()) session_.select(kept);
  }

  const int text_context_;
  const DecodeRequest& request_;
  const std::function<void(int, int)>& on_token_;
  const std::vector<Prompt> prompts_;
  DecodeSession session_;
  std::vector<DecodeResult> results_;
  std::vector<ActiveRow> active_;
};

}  // namespace

std::vector<DecodeResult> decode_rows(Model& model, const Encoding& encoding, const DecodeRequest& request,
                                      const std::function<void(int, int)>& on_token, const Cancellation& cancellation) {
  if (request.max_tokens <= 0) return std::vector<DecodeResult>(request.rows.size());
  return RowDecoder(model, encoding, request, on_token, cancellation).run();
}

}  // namespace hearth::whisper
