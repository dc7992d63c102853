"""mlx_whisper with the embedded 4-bit file, on MLX's own CPU backend."""

import sys

import mlx.core as mx
from mlx_whisper import decoding, whisper
from mlx_whisper import transcribe as transcribe_recording
from peer import Profile, answer_requests, read_samples

model_folder = sys.argv[1]
mx.set_default_device(mx.cpu)
profile = Profile()
encode = whisper.AudioEncoder.__call__


def encode_now(self, mel):
    features = encode(self, mel)
    mx.eval(features)
    return features


whisper.AudioEncoder.__call__ = profile.encoding(encode_now)
decoding.DecodingTask.run = profile.decoding(
    decoding.DecodingTask.run, tokens=lambda results: sum(len(result.tokens) for result in results)
)


def transcribe(path, _batch_size):
    return transcribe_recording(read_samples(path), path_or_hf_repo=model_folder, fp16=False)["text"]


answer_requests(transcribe, profile)
