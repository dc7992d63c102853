"""Writes the embedded model's weights, dequantised, as transcribe.cpp's GGUF file: products in q8_0, the rest in float32."""

import sys
from pathlib import Path

import numpy
from embedded_weights import read_weights
from gguf import GGMLQuantizationType, GGUFWriter
from gguf.quants import quantize
from gpt2_vocabulary import read_vocabulary, special_tokens

SAMPLE_RATE, FFT, HOP = 16000, 400, 160
NORMAL, CONTROL = 1, 3
# By OpenAI's names.
PARTS = {"attn_ln": "norm_attn", "attn": "attn", "mlp_ln": "norm_ffn", "mlp.0": "ffn.fc1", "mlp.2": "ffn.fc2"}
DECODER_PARTS = {**PARTS, "attn_ln": "norm_self", "attn": "self_attn", "cross_attn_ln": "norm_cross", "cross_attn": "cross_attn"}
PROJECTIONS = {"query": "q", "key": "k", "value": "v", "out": "out"}
TOP = {
    "encoder.conv1": "enc.conv.0",
    "encoder.conv2": "enc.conv.1",
    "encoder.positional_embedding": "enc.pos_emb.weight",
    "encoder.ln_post": "enc.final_norm",
    "decoder.token_embedding": "dec.token_embd",
    "decoder.positional_embedding": "dec.pos_emb.weight",
    "decoder.ln": "dec.final_norm",
}


def main(model_folder, tiktoken_file, language_codes, target):
    dimensions, weights, _ = read_weights(model_folder)
    writer = GGUFWriter(target, "whisper")
    add_tokens(writer, tiktoken_file, language_codes, dimensions["n_vocab"])
    add_shape(writer, dimensions, language_codes.split(","))
    writer.add_tensor("frontend.mel_filterbank", mel_filters(dimensions["n_mels"]))
    window = 0.5 - 0.5 * numpy.cos(2 * numpy.pi * numpy.arange(FFT) / FFT)
    writer.add_tensor("frontend.window", window.astype(numpy.float32))
    for name, values in weights.items():
        add_tensor(writer, name_of(name), values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def add_tokens(writer, tiktoken_file, language_codes, count):
    ranks, merges = read_vocabulary(tiktoken_file)
    special = special_tokens(language_codes)
    tokens = [*sorted(ranks, key=ranks.get), *special]
    types = [NORMAL] * len(ranks) + [CONTROL] * len(special)
    timestamps = count - len(tokens)
    tokens += [f"<|{0.02 * index:.2f}|>" for index in range(timestamps)]
    writer.add_string("tokenizer.ggml.model", "gpt2")
    writer.add_string("tokenizer.ggml.pre", "gpt2")
    writer.add_array("tokenizer.ggml.tokens", tokens)
    writer.add_array("tokenizer.ggml.token_type", types + [NORMAL] * timestamps)
    writer.add_array("tokenizer.ggml.merges", [" ".join(pair) for pair in merges])
    writer.add_bool("tokenizer.ggml.add_bos_token", False)
    end = tokens.index("<|endoftext|>")
    for role in ("bos", "eos", "padding"):
        writer.add_uint32(f"tokenizer.ggml.{role}_token_id", end)
    ids = {"decoder_start": "startoftranscript", "sot": "startoftranscript", "no_timestamps": "notimestamps"}
    ids |= {"transcribe": "transcribe", "translate": "translate", "prev_sot": "startofprev"}
    for key, token in ids.items():
        writer.add_uint32(f"stt.whisper.{key}_token_id", tokens.index(f"<|{token}|>"))
    writer.add_array("stt.whisper.begin_suppress_tokens", [220, end])


def add_shape(writer, dimensions, languages):
    writer.add_array("general.languages", languages)
    writer.add_string("stt.variant", "whisper-base")
    for name in ("lang_detect", "translate", "timestamps"):
        writer.add_bool(f"stt.capability.{name}", True)
    for part, source in (("encoder", "audio"), ("decoder", "text")):
        state = dimensions[f"n_{source}_state"]
        sizes = {"n_layers": dimensions[f"n_{source}_layer"], "n_heads": dimensions[f"n_{source}_head"]}
        for key, value in {**sizes, "d_model": state, "ffn_dim": 4 * state}.items():
            writer.add_uint32(f"stt.whisper.{part}.{key}", value)
        writer.add_string(f"stt.whisper.{part}.activation", "gelu")
    writer.add_uint32("stt.whisper.encoder.num_mel_bins", dimensions["n_mels"])
    writer.add_uint32("stt.whisper.encoder.max_source_positions", dimensions["n_audio_ctx"])
    writer.add_uint32("stt.whisper.decoder.max_target_positions", dimensions["n_text_ctx"])
    writer.add_uint32("stt.whisper.decoder.vocab_size", dimensions["n_vocab"])
    writer.add_bool("stt.whisper.decoder.tie_word_embeddings", True)
    writer.add_bool("stt.whisper.decoder.scale_embedding", False)
    frontend = {"num_mels": dimensions["n_mels"], "sample_rate": SAMPLE_RATE, "n_fft": FFT, "win_length": FFT}
    frontend |= {"hop_length": HOP, "chunk_length": 30, "n_samples": 30 * SAMPLE_RATE, "nb_max_frames": 3000}
    for key, value in frontend.items():
        writer.add_uint32(f"stt.frontend.{key}", value)
    words = {"type": "mel", "window": "hann_periodic", "normalize": "whisper_logmel", "pad_mode": "reflect"}
    for key, value in {**words, "mel_norm": "slaney"}.items():
        writer.add_string(f"stt.frontend.{key}", value)
    for key, value in {"dither": 0.0, "pre_emphasis": 0.0, "f_min": 0.0, "f_max": SAMPLE_RATE / 2}.items():
        writer.add_float32(f"stt.frontend.{key}", value)
    writer.add_bool("stt.frontend.center", True)


def mel_filters(bins):
    """librosa's `filters.mel` with Slaney's scale: linear up to 1 kHz, logarithmic above it."""

    def to_hertz(mel):
        return numpy.where(mel < 15, mel * 200 / 3, 1000 * numpy.exp((mel - 15) * numpy.log(6.4) / 27))

    highest = 15 + numpy.log(SAMPLE_RATE / 2 / 1000) * 27 / numpy.log(6.4)
    edges = to_hertz(numpy.linspace(0, highest, bins + 2))
    slopes = edges[:, None] - numpy.linspace(0, SAMPLE_RATE / 2, FFT // 2 + 1)
    widths = numpy.diff(edges)[:, None]
    triangles = numpy.maximum(0, numpy.minimum(-slopes[:-2] / widths[:-1], slopes[2:] / widths[1:]))
    return (triangles * (2 / (edges[2:] - edges[:-2]))[:, None]).astype(numpy.float32)


def name_of(name):
    for theirs, ours in TOP.items():
        if name == theirs or name.startswith(f"{theirs}."):
            return ours + name[len(theirs) :]
    side, _, layer, rest = name.split(".", 3)
    stem, kind = rest.rsplit(".", 1)
    parts = PARTS if side == "encoder" else DECODER_PARTS
    projection = ""
    if stem.rsplit(".", 1)[-1] in PROJECTIONS:
        stem, last = stem.rsplit(".", 1)
        projection = f".{PROJECTIONS[last]}"
    return f"{side[:3]}.blocks.{layer}.{parts[stem]}{projection}.{kind}"


def add_tensor(writer, name, values):
    is_product = values.ndim == 2 and not name.endswith("pos_emb.weight")
    if is_product:
        kind = GGMLQuantizationType.Q8_0
        writer.add_tensor(name, quantize(values, kind), raw_dtype=kind)
    else:
        writer.add_tensor(name, values)


Path(sys.argv[4]).parent.mkdir(parents=True, exist_ok=True)
main(*sys.argv[1:])
