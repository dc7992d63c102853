"""Times mlx_whisper with random weights of large-v3-turbo's shape, 4 bits in groups of 64, as gpu_bench.cc times ours.

Needs mlx (with a GPU backend) and mlx-whisper. Prints one JSON object.
"""

import json
import sys
import types

# mlx_whisper imports numba and scipy for word times, which are not timed here.
try:
    import numba  # noqa: F401
except ImportError:
    numba = types.ModuleType("numba")
    numba.jit = lambda *args, **kwargs: (lambda function: function)
    sys.modules["numba"] = numba

import mlx.core as mx
import mlx.nn as nn
from median_ms import median_ms
from mlx_whisper.decoding import DecodingOptions, decode
from mlx_whisper.whisper import ModelDimensions, Whisper

DIMENSIONS = {
    "turbo": ModelDimensions(128, 1500, 1280, 20, 32, 51866, 448, 1280, 20, 4),
    "base": ModelDimensions(80, 1500, 512, 8, 6, 51865, 448, 512, 8, 6),
}


def main():
    shape = sys.argv[1] if len(sys.argv) > 1 else "turbo"
    dimensions = DIMENSIONS[shape]
    model = Whisper(dimensions, mx.float16)
    model.set_dtype(mx.float16)
    nn.quantize(model, group_size=64, bits=4)
    mx.eval(model.parameters())
    mel = mx.random.normal((3000, dimensions.n_mels)).astype(mx.float16)

    def encode(windows):
        mx.eval(model.encoder(mx.broadcast_to(mel[None], (windows, *mel.shape))))

    result = {"shape": shape, "encode_1_ms": median_ms(20, lambda: encode(1)), "encode_8_ms": median_ms(10, lambda: encode(8))}
    features = model.encoder(mel[None])
    mx.eval(features)

    def options(tokens):
        # The end of text is suppressed, so that a random model writes on.
        return DecodingOptions(language="en", sample_len=tokens, suppress_tokens="50257", fp16=True)

    for rows in (1, 12):
        batch = mx.broadcast_to(features, (rows, *features.shape[1:])) if rows > 1 else features[0]
        few = median_ms(5, lambda: decode(model, batch, options(20)))
        many = median_ms(5, lambda: decode(model, batch, options(120)))
        result[f"step_{rows}_ms"] = (many - few) / 100

    def encode_and_decode():
        decode(model, mel, options(40))

    result["encode_and_40_tokens_ms"] = median_ms(7, encode_and_decode)
    result["peak_bytes"] = mx.get_peak_memory()
    print(json.dumps(result))


main()
