"""Times CTranslate2 with random float16 weights of large-v3-turbo's shape, as gpu_bench.cc times ours.

Needs ctranslate2 and cuBLAS. Prints one JSON object.
"""

import json
import sys
import tempfile

import ctranslate2
import numpy
from ctranslate2.specs import WhisperSpec
from median_ms import median_ms

# Mel bins, audio layers, text layers, heads, state.
SHAPES = {"turbo": (128, 32, 4, 20, 1280, 51866), "base": (80, 6, 6, 8, 512, 51865)}
# By their place from the end of the vocabulary, which has 1,501 timestamps there, and those from the beginning.
NAMES = {-1502: "<|notimestamps|>", -1503: "<|nospeech|>", -1504: "<|startofprev|>", -1505: "<|startoflm|>"}
END_OF_TEXT, START = 50257, 50258
FIXED_NAMES = {END_OF_TEXT: "<|endoftext|>", START: "<|startoftranscript|>", START + 1: "<|en|>"}
PROMPT = [START, START + 1, START + 101]


def random_values(*shape):
    return (numpy.random.standard_normal(shape) * 0.02).astype(numpy.float16)


def fill_norm(spec, state):
    spec.gamma, spec.beta = numpy.ones(state, numpy.float16), numpy.zeros(state, numpy.float16)


def fill_linear(spec, outputs, inputs):
    spec.weight, spec.bias = random_values(outputs, inputs), random_values(outputs)


def fill_layer(layer, state, cross):
    fill_norm(layer.self_attention.layer_norm, state)
    fill_linear(layer.self_attention.linear[0], 3 * state, state)
    fill_linear(layer.self_attention.linear[1], state, state)
    if cross:
        fill_norm(layer.attention.layer_norm, state)
        fill_linear(layer.attention.linear[0], state, state)
        fill_linear(layer.attention.linear[1], 2 * state, state)
        fill_linear(layer.attention.linear[2], state, state)
    fill_norm(layer.ffn.layer_norm, state)
    fill_linear(layer.ffn.linear_0, 4 * state, state)
    fill_linear(layer.ffn.linear_1, state, 4 * state)


def write_random_model(shape, folder):
    mels, audio_layers, text_layers, heads, state, vocabulary = shape
    spec = WhisperSpec(audio_layers, heads, text_layers, heads)
    for convolution, channels in ((spec.encoder.conv1, mels), (spec.encoder.conv2, state)):
        convolution.weight, convolution.bias = random_values(state, channels, 3), random_values(state)
    for part, positions, cross in ((spec.encoder, 1500, False), (spec.decoder, 448, True)):
        part.position_encodings.encodings = random_values(positions, state)
        fill_norm(part.layer_norm, state)
        for layer in part.layer:
            fill_layer(layer, state, cross)
    embedding = random_values(vocabulary, state)
    spec.decoder.embeddings.weight = spec.decoder.projection.weight = embedding
    spec.register_vocabulary([FIXED_NAMES.get(i, NAMES.get(i - vocabulary, f"token{i}")) for i in range(vocabulary)])
    spec.config.lang_ids, spec.config.alignment_heads = [50259], [[0, 0]]
    # The end of the text is suppressed, so that a random model writes on.
    spec.config.suppress_ids, spec.config.suppress_ids_begin = [END_OF_TEXT], [END_OF_TEXT]
    spec.validate()
    spec.optimize(quantization="float16")
    spec.save(folder)


def main():
    name = sys.argv[1] if len(sys.argv) > 1 else "turbo"
    shape = SHAPES[name]
    with tempfile.TemporaryDirectory() as folder:
        write_random_model(shape, folder)
        model = ctranslate2.models.Whisper(folder, device="cuda", compute_type="float16")
    mel = numpy.random.standard_normal((1, shape[0], 3000)).astype(numpy.float16)
    features = ctranslate2.StorageView.from_array(mel)

    def encode():
        return model.encode(features, to_cpu=False)

    def decode(encoded, rows, tokens):
        # It writes half of its greatest length at most.
        written = model.generate(encoded, [PROMPT] * rows, beam_size=1, max_length=2 * tokens)
        lengths = [len(result.sequences_ids[0]) for result in written]
        assert lengths == [tokens] * rows, lengths

    def encode_once():
        # Reading it back is what waits for the device.
        numpy.array(model.encode(features, to_cpu=True))

    result = {"shape": name, "encode_1_ms": median_ms(20, encode_once)}
    encoded = encode()
    few, many = (median_ms(5, lambda: decode(encoded, 1, tokens)) for tokens in (20, 120))
    result["step_1_ms"] = (many - few) / 100
    result["encode_and_40_tokens_ms"] = median_ms(9, lambda: decode(encode(), 1, 40))
    print(json.dumps(result))


main()
