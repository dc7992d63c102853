"""Writes the embedded model's weights, dequantised, as an int8 model of CTranslate2 with the tokenizer it needs."""

import sys
from pathlib import Path

import numpy
from ctranslate2.specs import WhisperSpec
from embedded_weights import read_weights
from gpt2_vocabulary import read_vocabulary, special_tokens
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers


def fill_norm(spec, weights, name):
    spec.gamma, spec.beta = weights[f"{name}.weight"], weights[f"{name}.bias"]


def fill_linear(spec, weights, *names):
    """One layer for several that have the same input; Whisper's keys have no bias."""
    spec.weight = numpy.concatenate([weights[f"{name}.weight"] for name in names])
    zeros = [numpy.zeros(len(weights[f"{name}.weight"]), numpy.float32) for name in names]
    spec.bias = numpy.concatenate([weights.get(f"{name}.bias", zero) for name, zero in zip(names, zeros)])


def fill_self_attention(spec, weights, block):
    fill_norm(spec.layer_norm, weights, f"{block}.attn_ln")
    fill_linear(spec.linear[0], weights, *(f"{block}.attn.{part}" for part in ("query", "key", "value")))
    fill_linear(spec.linear[1], weights, f"{block}.attn.out")


def fill_cross_attention(spec, weights, block):
    fill_norm(spec.layer_norm, weights, f"{block}.cross_attn_ln")
    fill_linear(spec.linear[0], weights, f"{block}.cross_attn.query")
    fill_linear(spec.linear[1], weights, f"{block}.cross_attn.key", f"{block}.cross_attn.value")
    fill_linear(spec.linear[2], weights, f"{block}.cross_attn.out")


def fill_feed_forward(spec, weights, block):
    fill_norm(spec.layer_norm, weights, f"{block}.mlp_ln")
    fill_linear(spec.linear_0, weights, f"{block}.mlp.0")
    fill_linear(spec.linear_1, weights, f"{block}.mlp.2")


def make_spec(dimensions, weights):
    spec = WhisperSpec(
        *(dimensions[key] for key in ("n_audio_layer", "n_audio_head", "n_text_layer", "n_text_head"))
    )
    for name in ("conv1", "conv2"):
        convolution = getattr(spec.encoder, name)
        convolution.weight, convolution.bias = weights[f"encoder.{name}.weight"], weights[f"encoder.{name}.bias"]
    for part, norm in ((spec.encoder, "encoder.ln_post"), (spec.decoder, "decoder.ln")):
        fill_norm(part.layer_norm, weights, norm)
        prefix = norm.split(".")[0]
        part.position_encodings.encodings = weights[f"{prefix}.positional_embedding"]
        for index, layer in enumerate(part.layer):
            block = f"{prefix}.blocks.{index}"
            fill_self_attention(layer.self_attention, weights, block)
            if prefix == "decoder":
                fill_cross_attention(layer.attention, weights, block)
            fill_feed_forward(layer.ffn, weights, block)
    spec.decoder.embeddings.weight = weights["decoder.token_embedding.weight"]
    spec.decoder.projection.weight = weights["decoder.token_embedding.weight"]
    return spec


def make_tokenizer(tiktoken_file, special):
    vocabulary, merges = read_vocabulary(tiktoken_file)
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in special])
    return tokenizer


model_folder, tiktoken_file, language_codes, target = sys.argv[1:]
languages = [f"<|{code}|>" for code in language_codes.split(",")]
special = special_tokens(language_codes)

dimensions, weights, heads = read_weights(model_folder)
tokenizer = make_tokenizer(tiktoken_file, special)
tokens = [tokenizer.id_to_token(index) for index in range(tokenizer.get_vocab_size())]
tokens += [f"<|{0.02 * index:.2f}|>" for index in range(dimensions["n_vocab"] - len(tokens))]

spec = make_spec(dimensions, weights)
spec.register_vocabulary(tokens)
spec.config.lang_ids = [tokenizer.token_to_id(language) for language in languages]
spec.config.alignment_heads = heads
# faster-whisper hands over its own list of suppressed tokens with every call.
spec.config.suppress_ids, spec.config.suppress_ids_begin = [], [220, tokenizer.token_to_id("<|endoftext|>")]
spec.validate()
spec.optimize(quantization="int8")
Path(target).mkdir(parents=True, exist_ok=True)
spec.save(target)
tokenizer.save(str(Path(target) / "tokenizer.json"))
