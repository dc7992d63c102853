#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "device_chooser.h"
#include "model.h"
#include "text.h"

namespace hearth::whisper {

/// A prompt and a draft that texts begin with: read once for all of them.
struct Reading {
  std::vector<std::shared_ptr<Text>> texts;  ///< at least one

  const Prompt& prompt() const { return texts.front()->prompt(); }
  std::span<const int> draft() const { return texts.front()->draft(); }
};

/// How many tokens a text begins with.
size_t reading_length(const Text& text);
/// Each once, in the order of the texts.
std::vector<Reading> readings_of(std::span<const std::shared_ptr<Text>> texts);

using OnBegun = std::function<void(int reading, const std::shared_ptr<Text>& text, int rows)>;

/// Has every text begin, with the logits of hidden states [readings, positions, state]; `on_begun` gets the reading's
/// number and how many rows the text goes on with.
void begin_texts(Model& model, std::span<const Reading> readings, const mlx::core::array& hidden,
                 const OnBegun& on_begun);
/// The same for greedy texts without drafts, whose first tokens are chosen in MLX's graph: their logits, a fifth of a
/// megabyte each, stay where they are.
void begin_on_device(Model& model, DeviceChooser& chooser, std::span<const Reading> readings,
                     const mlx::core::array& hidden, const OnBegun& on_begun);

}  // namespace hearth::whisper
