"""Writes the embedded model's weights, dequantised, as openai/whisper's checkpoint."""

import sys

import torch
from embedded_weights import read_weights

model_folder, target = sys.argv[1:]
dimensions, weights, _ = read_weights(model_folder)
state = {name: torch.from_numpy(value) for name, value in weights.items()}
torch.save({"dims": dimensions, "model_state_dict": state}, target)
