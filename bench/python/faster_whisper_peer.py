"""faster-whisper with int8 arithmetic and a greedy search; window after window, or its batched pipeline."""

import sys

from faster_whisper import BatchedInferencePipeline, WhisperModel
from peer import Profile, answer_requests, read_samples


class TimedModel:
    """CTranslate2's model, whose class takes no new attributes."""

    def __init__(self, model, profile):
        self._model = model
        self.encode = profile.encoding(model.encode, windows=lambda arguments: arguments[0].shape[0])
        self.generate = profile.decoding(
            model.generate, tokens=lambda results: sum(len(result.sequences_ids[0]) for result in results)
        )

    def __getattr__(self, name):
        return getattr(self._model, name)


model_folder, threads = sys.argv[1], int(sys.argv[2])
profile = Profile()
model = WhisperModel(model_folder, device="cpu", compute_type="int8", cpu_threads=threads)
model.model = TimedModel(model.model, profile)
pipeline = BatchedInferencePipeline(model)


def transcribe(path, batch_size):
    samples = read_samples(path)
    if batch_size > 1:
        segments, _ = pipeline.transcribe(samples, beam_size=1, batch_size=batch_size)
    else:
        segments, _ = model.transcribe(samples, beam_size=1)
    return "".join(segment.text for segment in segments)


answer_requests(transcribe, profile)
