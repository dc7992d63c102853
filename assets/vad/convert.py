"""Makes silero_vad_16k.safetensors from the ONNX file of PyPI's silero-vad 6.2.3 (needs onnx, numpy and safetensors).

    python convert.py silero_vad/data/silero_vad_16k_op15.onnx silero_vad_16k.safetensors
"""

import sys

import onnx
from onnx import numpy_helper
from safetensors.numpy import save_file

NAMES = {
    "model.stft.forward_basis_buffer": "stft_conv.weight",
    "model.encoder.0.reparam_conv": "conv1",
    "model.encoder.1.reparam_conv": "conv2",
    "model.encoder.2.reparam_conv": "conv3",
    "model.encoder.3.reparam_conv": "conv4",
    "model.decoder.rnn": "lstm_cell",
    "model.decoder.decoder.2": "final_conv",
}


def renamed(name):
    for old, new in NAMES.items():
        if name.startswith(old):
            return new + name[len(old) :]
    raise ValueError(f"Expected a tensor of Silero's 16 kHz network, got {name}.")


source, target = sys.argv[1:]
tensors = {renamed(t.name): numpy_helper.to_array(t) for t in onnx.load(source).graph.initializer}
save_file(tensors, target, metadata={"format": "mlx", "source": "silero-vad 6.2.3"})
