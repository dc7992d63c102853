#include "beam_search.h"

#include <algorithm>
#include <utility>

#include "check_inputs.h"
#include "sampler.h"

namespace hearth::whisper {
namespace {

/// A text on its way. Scores are float32 sums, as in OpenAI's implementation, so that ties fall alike.
struct Beam {
  std::vector<int> tokens;
  float score = 0;
  int row = 0;  ///< of the session, whose keys and values belong to it
};

/// The beams of one prompt and what they have finished.
struct Search {
  int prompt_length;
  int speech_until;
  std::vector<Beam> beams;
  std::vector<Beam> finished;
  bool ended = false;
};

/// The `count` likeliest tokens after `beam` as longer beams, likeliest first.
void extend(const Beam& beam, std::span<const float> logits, int count, std::vector<Beam>& extended) {
  std::vector<int> best;
  for (int token = 0; token < static_cast<int>(logits.size()); ++token) {
    if (static_cast<int>(best.size()) == count && logits[token] <= logits[best.back()]) continue;
    const auto place = std::ranges::find_if(best, [&](int other) { return logits[token] > logits[other]; });
    best.insert(place, token);
    if (static_cast<int>(best.size()) > count) best.pop_back();
  }
  const double normalizer = log_sum_exp(logits);
  for (const int token : best) {
    Beam longer{beam.tokens, beam.score + static_cast<float>(logits[token] - normalizer), beam.row};
    longer.tokens.push_back(token);
    extended.push_back(std::move(longer));
  }
}

void sort_by_score(std::vector<Beam>& beams) { std::ranges::stable_sort(beams, std::greater{}, &Beam::score); }

class BeamSearch {
 public:
  BeamSearch(Model& model, const BeamRequest& request, const Cancellation& cancellation)
      : text_context_(model.dimensions().text_context),
        request_(request),
        session_(model, request.prompts, request.max_tokens, cancellation),
        results_(request.prompts.size()) {}

  std::vector<BeamResult> run() {
    begin();
    for (int sampled = 1; sampled < request_.max_tokens && select_live_rows(); ++sampled) advance();
    for (size_t i = 0; i < searches_.size(); ++i) results_[i].candidates = finalize(searches_[i]);
    return std::move(results_);
  }

 private:
  /// All beams of a prompt start alike, so one reading of it gives the first extensions.
  void begin() {
    const int prompt_count = static_cast<int>(request_.prompts.size());
    for (int first = 0; first < prompt_count;) {
      auto [count, logits] = session_.read_prompts(first);
      for (int i = 0; i < count; ++i) begin_search(first + i, logits.row(2 * i), logits.row(2 * i + 1));
      first += count;
    }
  }

  void begin_search(int prompt, std::span<const float> at_start, std::span<float> after) {
    if (request_.no_speech) results_[prompt].no_speech_prob = softmax_at(at_start, *request_.no_speech);
    const auto& [encoding, tokens, sot_index, speech_until] = request_.prompts[prompt];
    apply_logit_filters(request_.filters, speech_until, {}, after);
    auto& search = searches_.emplace_back(Search{static_cast<int>(tokens.size()), speech_until, {}, {}, false});
    std::vector<Beam> extended;
    extend({{}, 0, prompt}, after, request_.beam_size + 1, extended);
    update(search, std::move(extended));
  }

  /// Gives every live beam a row with its own keys and values. False when no search goes on.
  bool select_live_rows() {
    std::vector<int> sources;
    for (auto& search : searches_) {
      search.ended = search.ended || complete(search);
      if (search.ended) continue;
      for (auto& beam : search.beams) sources.push_back(std::exchange(beam.row, static_cast<int>(sources.size())));
    }
    if (!sources.empty()) session_.select(sources);
    return !sources.empty();
  }

  void advance() {
    std::vector<int> tokens, lengths;
    for (const auto& search : searches_) {
      if (search.ended) continue;
      for (const auto& beam : search.beams) {
        tokens.push_back(beam.tokens.back());
        lengths.push_back(search.prompt_length + static_cast<int>(beam.tokens.size()));
      }
    }
    auto logits = session_.step(tokens, lengths);
    for (auto& search : searches_) {
      if (search.ended) continue;
      std::vector<Beam> extended;
      for (const auto& beam : search.beams) {
        apply_logit_filters(request_.filters, search.speech_until, beam.tokens, logits.row(beam.row));
        extend(beam, logits.row(beam.row), request_.beam_size + 1, extended);
      }
      update(search, std::move(extended));
    }
  }

  /// Keeps the best `beam_size` unfinished texts, and the finished ones that rank before the last of them.
  void update(Search& search, std::vector<Beam> extended) const {
    sort_by_score(extended);
    search.beams.clear();
    for (auto& beam : extended) {
      if (static_cast<int>(search.beams.size()) == request_.beam_size) break;
      if (beam.tokens.back() != request_.end_of_text) {
        search.beams.push_back(std::move(beam));
      } else if (static_cast<int>(search.finished.size()) < request_.max_candidates) {
        search.finished.push_back(std::move(beam));
      }
    }
  }

  bool complete(const Search& search) const {
    const bool enough = static_cast<int>(search.finished.size()) >= request_.max_candidates;
    return enough || search.beams.empty() ||
           search.prompt_length + static_cast<int>(search.beams.front().tokens.size()) > text_context_;
  }

  /// Too few finished texts are filled up with the best unfinished ones.
  std::vector<Candidate> finalize(Search& search) const {
    std::vector<Candidate> candidates;
    for (auto& beam : search.finished) {
      beam.tokens.pop_back();
      candidates.push_back({std::move(beam.tokens), beam.score});
    }
    sort_by_score(search.beams);
    for (auto& beam : search.beams) {
      if (static_cast<int>(candidates.size()) >= request_.beam_size) break;
      candidates.push_back({std::move(beam.tokens), beam.score});
    }
    return candidates;
  }

  const int text_context_;
  const BeamRequest& request_;
  DecodeSession session_;
  std::vector<BeamResult> results_;
  std::vector<Search> searches_;
};

}  // namespace

std::vector<BeamResult> beam_search(Model& model, const BeamRequest& request, const Cancellation& cancellation) {
  check_inputs(model.dimensions(), request);
  const DecodeClock clock(model.decode_time);
  return BeamSearch(model, request, cancellation).run();
}

}  // namespace hearth::whisper
