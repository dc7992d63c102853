"""What all peers in Python share: reading sound, timing encoder and decoder, and answering."""

import json
import sys
import time

import av
import numpy


class Profile:
    """How long encoder and decoder took for one recording, and how much they did."""

    def __init__(self):
        self.reset()

    def reset(self):
        self.encoder_seconds = self.decoder_seconds = 0.0
        self.windows = self.tokens = 0

    def encoding(self, call, windows=lambda arguments: 1):
        def timed(*arguments, **options):
            started = time.perf_counter()
            result = call(*arguments, **options)
            self.encoder_seconds += time.perf_counter() - started
            self.windows += windows(arguments)
            return result

        return timed

    def decoding(self, call, tokens):
        """What a call spends in the encoder does not count as decoding."""

        def timed(*arguments, **options):
            started, encoding_before = time.perf_counter(), self.encoder_seconds
            result = call(*arguments, **options)
            self.decoder_seconds += time.perf_counter() - started - (self.encoder_seconds - encoding_before)
            self.tokens += tokens(result)
            return result

        return timed


def read_samples(path):
    """float32, 16 kHz, mono."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=16000)
    with av.open(path) as recording:
        decoded = [piece for frame in recording.decode(audio=0) for piece in resampler.resample(frame)]
    pieces = [frame.to_ndarray()[0] for frame in decoded + resampler.resample(None)]
    return numpy.concatenate(pieces).astype(numpy.float32) / 32768


def answer_requests(transcribe, profile):
    """A line `{"path", "batchSize"}` in, a line with text and profile out, until standard input ends."""
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        profile.reset()
        text = transcribe(request["path"], request["batchSize"])
        answer = {
            "text": text,
            "encoderSeconds": profile.encoder_seconds,
            "windows": profile.windows,
            "decoderSeconds": profile.decoder_seconds,
            "tokens": profile.tokens,
        }
        print(json.dumps(answer), flush=True)
