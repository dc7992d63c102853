"""The embedded model's weights as float32 arrays with OpenAI's names, so that every peer computes with the same ones."""

import json
import struct
from pathlib import Path

import numpy

NUMPY_TYPES = {"F16": numpy.float16, "F32": numpy.float32, "U32": numpy.uint32, "I64": numpy.int64}


def read_safetensors(path):
    data = Path(path).read_bytes()
    (header_size,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + header_size])
    header.pop("__metadata__", None)
    return {name: read_tensor(data, 8 + header_size, entry) for name, entry in header.items()}


def read_tensor(data, start, entry):
    first, last = entry["data_offsets"]
    values = numpy.frombuffer(data[start + first : start + last], NUMPY_TYPES[entry["dtype"]])
    return values.reshape(entry["shape"])


def dequantize(packed, scales, biases, bits):
    """MLX's affine scheme: value = scale * q + bias for each group, lowest bits of a word first."""
    values = (packed[..., None] >> numpy.arange(0, 32, bits, dtype=numpy.uint32)) & (2**bits - 1)
    grouped = values.reshape(*scales.shape, -1).astype(numpy.float32)
    return (grouped * scales[..., None].astype(numpy.float32) + biases[..., None].astype(numpy.float32)).reshape(
        scales.shape[0], -1
    )


def read_weights(folder):
    """The model's dimensions, its weights, and the heads that follow the audio as [layer, head]."""
    config = json.loads((Path(folder) / "config.json").read_text())
    stored = read_safetensors(Path(folder) / "model.safetensors")
    weights = {}
    for name, value in stored.items():
        stem = name.removesuffix(".weight")
        if name == "alignment_heads" or name.endswith((".scales", ".biases")):
            continue
        if f"{stem}.scales" in stored:
            value = dequantize(value, stored[f"{stem}.scales"], stored[f"{stem}.biases"], config["quantization"]["bits"])
        if name.startswith("encoder.conv") and name.endswith(".weight"):
            value = value.transpose(0, 2, 1)
        openai_name = name.replace(".mlp1.", ".mlp.0.").replace(".mlp2.", ".mlp.2.")
        weights[openai_name] = numpy.ascontiguousarray(value, dtype=numpy.float32)
    dimensions = {key: value for key, value in config.items() if key.startswith("n_")}
    weights["encoder.positional_embedding"] = sinusoids(dimensions["n_audio_ctx"], dimensions["n_audio_state"])
    return dimensions, weights, stored["alignment_heads"].tolist()


def sinusoids(length, channels):
    """openai/whisper model.py `sinusoids`: the file leaves out what can be computed."""
    steps = numpy.exp(-numpy.log(10000) / (channels // 2 - 1) * numpy.arange(channels // 2))
    angles = numpy.arange(length)[:, None] * steps[None, :]
    return numpy.concatenate([numpy.sin(angles), numpy.cos(angles)], axis=1).astype(numpy.float32)
