"""Times torch with random float16 weights of large-v3-turbo's shape: what a Whisper written for speed alone would take.

Attention is torch's own (SDPA), products of one input are merged, and each piece is a CUDA graph. Texts are greedy, without
filters and without a look at the end of the text. Needs torch with CUDA; `tiny` runs on a CPU, to try the program. Prints
one JSON object.
"""

import json
import sys

import torch
import torch.nn.functional as functional
from median_ms import median_ms

# Mel bins, audio layers, text layers, heads, state, vocabulary.
SHAPES = {"turbo": (128, 32, 4, 20, 1280, 51866), "base": (80, 6, 6, 8, 512, 51865), "tiny": (80, 2, 2, 2, 128, 1000)}
POSITIONS = 1500
PROMPT_TOKENS = 3
# A graph's shapes are fixed, so each step attends to as many places as the longest text timed here has.
TEXT_PLACES = 128

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
number = torch.float16 if device.type == "cuda" else torch.float32


def random_values(*shape):
    return torch.randn(shape, device=device, dtype=number) * 0.02


class Linear:
    def __init__(self, outputs, inputs):
        self.weight, self.bias = random_values(outputs, inputs), random_values(outputs)

    def __call__(self, values):
        return functional.linear(values, self.weight, self.bias)


class Norm:
    def __init__(self, state):
        self.state = state
        self.weight = torch.ones(state, device=device, dtype=number)
        self.bias = torch.zeros(state, device=device, dtype=number)

    def __call__(self, values):
        return functional.layer_norm(values, (self.state,), self.weight, self.bias)


class Block:
    def __init__(self, state, heads, cross):
        self.heads = heads
        self.norm, self.merged, self.out = Norm(state), Linear(3 * state, state), Linear(state, state)
        self.mlp_norm, self.mlp_in, self.mlp_out = Norm(state), Linear(4 * state, state), Linear(state, 4 * state)
        if cross:
            self.cross_norm, self.cross_query = Norm(state), Linear(state, state)
            self.cross_merged, self.cross_out = Linear(2 * state, state), Linear(state, state)

    def split(self, values):
        rows, length, _ = values.shape
        return values.view(rows, length, self.heads, -1).transpose(1, 2)

    def join(self, values):
        return values.transpose(1, 2).flatten(2)

    def projected(self, values):
        return [self.split(part) for part in self.merged(self.norm(values)).chunk(3, dim=-1)]

    def mlp(self, values):
        return values + self.mlp_out(functional.gelu(self.mlp_in(self.mlp_norm(values))))


class Encoder:
    def __init__(self, mels, layers, heads, state):
        self.convolutions = [(random_values(state, channels, 3), random_values(state)) for channels in (mels, state)]
        self.places = random_values(POSITIONS, state)
        self.blocks = [Block(state, heads, cross=False) for _ in range(layers)]
        self.norm = Norm(state)

    def __call__(self, mel):
        for stride, (weight, bias) in enumerate(self.convolutions, 1):
            mel = functional.gelu(functional.conv1d(mel, weight, bias, stride=stride, padding=1))
        values = mel.transpose(1, 2) + self.places
        for block in self.blocks:
            query, key, value = block.projected(values)
            values = values + block.out(block.join(functional.scaled_dot_product_attention(query, key, value)))
            values = block.mlp(values)
        return self.norm(values)


class Decoder:
    """Some rows of text, a token further with each step."""

    def __init__(self, blocks, embedding, rows, heads, state):
        self.blocks, self.embedding, self.norm = blocks, embedding, Norm(state)
        self.text_places = random_values(TEXT_PLACES, state)
        head = state // heads
        self.keys, self.values, self.cross_keys, self.cross_values = (
            torch.zeros((len(blocks), rows, heads, places, head), device=device, dtype=number)
            for places in (TEXT_PLACES, TEXT_PLACES, POSITIONS, POSITIONS)
        )
        self.token = torch.zeros(rows, device=device, dtype=torch.long)
        self.place = torch.zeros(1, device=device, dtype=torch.long)
        self.numbered = torch.arange(TEXT_PLACES, device=device)

    def read(self, features):
        for i, block in enumerate(self.blocks):
            key, value = block.cross_merged(features).chunk(2, dim=-1)
            self.cross_keys[i].copy_(block.split(key))
            self.cross_values[i].copy_(block.split(value))
        self.token.zero_()
        self.place.zero_()

    def step(self):
        heard = (self.numbered <= self.place)[None, None, None, :]
        values = (self.embedding[self.token] + self.text_places[self.place])[:, None]
        for i, block in enumerate(self.blocks):
            query, key, value = block.projected(values)
            self.keys[i].index_copy_(2, self.place, key)
            self.values[i].index_copy_(2, self.place, value)
            said = functional.scaled_dot_product_attention(query, self.keys[i], self.values[i], attn_mask=heard)
            values = values + block.out(block.join(said))
            query = block.split(block.cross_query(block.cross_norm(values)))
            found = functional.scaled_dot_product_attention(query, self.cross_keys[i], self.cross_values[i])
            values = block.mlp(values + block.cross_out(block.join(found)))
        self.token.copy_(functional.linear(self.norm(values[:, 0]), self.embedding).argmax(-1))
        self.place += 1


def graph_of(work):
    """The same work as one CUDA graph; on a CPU, the work itself."""
    if device.type == "cpu":
        return work
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):
            work()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        work()
    return graph.replay


def wait():
    if device.type == "cuda":
        torch.cuda.synchronize()


def timed(rounds, work):
    def once():
        work()
        wait()

    return median_ms(rounds, once)


@torch.inference_mode()
def main():
    name = sys.argv[1] if len(sys.argv) > 1 else "turbo"
    mels, audio_layers, text_layers, heads, state, vocabulary = SHAPES[name]
    encoder = Encoder(mels, audio_layers, heads, state)
    blocks = [Block(state, heads, cross=True) for _ in range(text_layers)]
    embedding = random_values(vocabulary, state)
    result = {"shape": name, "torch": torch.__version__}
    features = {}
    encode = {}
    for windows in (1, 8):
        mel = torch.randn((windows, mels, 2 * POSITIONS), device=device, dtype=number)
        features[windows] = torch.zeros((windows, POSITIONS, state), device=device, dtype=number)
        encode[windows] = graph_of(lambda mel=mel, into=features[windows]: into.copy_(encoder(mel)))
        result[f"encode_{windows}_ms"] = timed(20 if windows == 1 else 10, encode[windows])
    for rows in (1, 12, 24):
        decoder = Decoder(blocks, embedding, rows, heads, state)
        decoder.read(features[1].expand(rows, -1, -1))
        step = graph_of(decoder.step)

        def write(tokens):
            decoder.place.zero_()
            for _ in range(tokens):
                step()

        few, many = (timed(9, lambda: write(tokens)) for tokens in (20, 120))
        result[f"step_{rows}_ms"] = (many - few) / 100
        if rows == 1:
            read = graph_of(lambda: decoder.read(features[1]))

            def encode_and_decode():
                encode[1]()
                read()
                for _ in range(PROMPT_TOKENS + 40):
                    step()

            result["encode_and_40_tokens_ms"] = timed(9, encode_and_decode)
    if device.type == "cuda":
        result["peak_bytes"] = torch.cuda.max_memory_allocated()
    print(json.dumps(result))


main()
