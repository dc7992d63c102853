"""Stock mlx_whisper on MLX's CPU backend.

  float16 MODEL TARGET         the weights of a quantised model in float16
  decode MODEL FEATURES TEXT   greedy tokens of a window: FEATURES is float32 [bins, frames], TEXT its language
"""

import json
import shutil
import sys
from pathlib import Path

import mlx.core as mx
import numpy
from mlx_whisper.decoding import DecodingOptions, decode
from mlx_whisper.load_models import load_model

mx.set_default_device(mx.cpu)


def write_float16(model, target):
    config = json.loads((model / "config.json").read_text())
    grid = config.pop("quantization")
    stored = mx.load(str(model / "model.safetensors"))
    weights = {}
    for name, value in stored.items():
        stem = name.removesuffix(".weight")
        if name.endswith((".scales", ".biases")):
            continue
        if f"{stem}.scales" in stored:
            value = mx.dequantize(value, stored[f"{stem}.scales"], stored[f"{stem}.biases"], **grid)
        weights[name] = value
    mx.save_safetensors(str(target / "model.safetensors"), weights)
    (target / "config.json").write_text(json.dumps(config))


def greedy_tokens(folder, features, language):
    config = json.loads((folder / "config.json").read_text())
    mel = numpy.fromfile(features, numpy.float32).reshape(config["n_mels"], -1).T
    # An encoder of the window's length: MLX's CPU backend takes minutes for 30 s. The weights are as they were.
    short = folder / "short"
    short.mkdir()
    (short / "config.json").write_text(json.dumps({**config, "n_audio_ctx": len(mel) // 2}))
    shutil.copy(folder / "weights.safetensors", short)
    # It takes n_audio_ctx for 30 s when it works out which token is 1.0 s, the last that a text may begin with.
    last_start = 1500 / (len(mel) // 2)
    options = DecodingOptions(language=language, temperature=0.0, fp16=False, max_initial_timestamp=last_start)
    return decode(load_model(str(short)), mx.array(mel), options).tokens


if sys.argv[1] == "float16":
    write_float16(Path(sys.argv[2]), Path(sys.argv[3]))
else:
    print(json.dumps(greedy_tokens(Path(sys.argv[2]), sys.argv[3], sys.argv[4])))
