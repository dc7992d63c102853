#pragma once

#include <memory>
#include <span>
#include <vector>

#include "device_chooser.h"
#include "model.h"
#include "sampled_text.h"

namespace hearth::whisper {

/// Guesses with a smaller model what a text says next, by the text's own rules. It keeps what it has read of the text.
class Drafter {
 public:
  /// The text's encoding holds its window for this model. `time` is counted as the decode's.
  Drafter(Model& model, std::shared_ptr<SampledText> text, DecodeTime& time);

  /// The text's window: a pass of the encoder, unless it was heard already.
  const EncodingPointer& hear();
  /// At most `count` tokens behind those of the text, which has one; not the end of text nor what follows it.
  std::vector<int> guess(int count);
  /// As if it had guessed these, as many as it did.
  void take_as_guessed(std::span<const int> tokens);

 private:
  std::vector<int> forget_what_was_wrong();
  mlx::core::array read(const mlx::core::array& tokens);
  std::vector<int> guess_on_host(std::vector<int> unread, int count);
  std::vector<int> guess_on_device(std::vector<int> unread, int count);

  Model& model_;
  std::shared_ptr<SampledText> text_;
  DecodeTime& time_;
  DeviceChooser chooser_;
  std::unique_ptr<AttentionState> state_;
  std::vector<int> read_;  ///< of prompt, text and guesses
  int length_ = 0;         ///< of what is read, with what is being read
};

}  // namespace hearth::whisper
