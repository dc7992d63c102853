"""openai/whisper in float32."""

import sys

import torch
import whisper
from peer import Profile, answer_requests, read_samples
from whisper.decoding import DecodingTask

checkpoint, threads = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(threads)
profile = Profile()
model = whisper.load_model(checkpoint, device="cpu")
model.encoder.forward = profile.encoding(model.encoder.forward)
DecodingTask.run = profile.decoding(
    DecodingTask.run, tokens=lambda results: sum(len(result.tokens) for result in results)
)


def transcribe(path, _batch_size):
    return whisper.transcribe(model, read_samples(path), fp16=False)["text"]


answer_requests(transcribe, profile)
