"""transcribe.cpp through its own Python package, on its CPU backend, with its own defaults."""

import sys

import transcribe_cpp
from peer import Profile, answer_requests, read_samples

model_file, threads = sys.argv[1], int(sys.argv[2])
profile = Profile()
session = transcribe_cpp.Model(model_file, backend="cpu").session(n_threads=threads)


def transcribe(path, _batch_size):
    result = session.run(read_samples(path))
    profile.encoder_seconds = result.timings.encode_ms / 1000
    profile.decoder_seconds = result.timings.decode_ms / 1000
    # It tells neither.
    profile.windows = profile.tokens = None
    return result.text


answer_requests(transcribe, profile)
