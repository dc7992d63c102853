"""Whisper's byte pairs as GPT-2's files spell them."""

import base64
from pathlib import Path


def read_vocabulary(tiktoken_file):
    """Tokens in the order of their ids, and the two that each longer one was made of."""
    lines = [line.split() for line in Path(tiktoken_file).read_bytes().splitlines()]
    ranks = {base64.b64decode(token): int(rank) for token, rank in lines}
    letters = byte_letters()

    def spell(token):
        return "".join(letters[byte] for byte in token)

    merges = [tuple(map(spell, merge_of(token, ranks))) for token in ranks if len(token) > 1]
    return {spell(token): rank for token, rank in ranks.items()}, merges


def byte_letters():
    """GPT-2's letters for bytes, those that cannot be seen moved behind the others."""
    seen = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in seen]
    return {**{byte: chr(byte) for byte in seen}, **{byte: chr(256 + i) for i, byte in enumerate(hidden)}}


def merge_of(token, ranks):
    """The two tokens that a token was made of: what its bytes are when only earlier merges are done."""
    parts = [bytes([byte]) for byte in token]
    while len(parts) > 2:
        pairs = [ranks.get(first + second, len(ranks)) for first, second in zip(parts, parts[1:])]
        at = min(range(len(pairs)), key=pairs.__getitem__)
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    return parts


def special_tokens(language_codes):
    """Those behind the vocabulary, without timestamps."""
    languages = [f"<|{code}|>" for code in language_codes.split(",")]
    tasks = ["translate", "transcribe", "startoflm", "startofprev", "nocaptions", "notimestamps"]
    return ["<|endoftext|>", "<|startoftranscript|>", *languages, *(f"<|{task}|>" for task in tasks)]
