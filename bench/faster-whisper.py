"""Answers each path on standard input with a line of JSON, once faster-whisper's int8 model is warm."""

import json
import sys

from faster_whisper import WhisperModel

model_folder, threads = sys.argv[1], int(sys.argv[2])
model = WhisperModel(model_folder, device="cpu", compute_type="int8", cpu_threads=threads)


def transcribe(path):
    segments, _ = model.transcribe(path, beam_size=1)
    return "".join(segment.text for segment in segments)


for line in sys.stdin:
    print(json.dumps({"text": transcribe(line.strip())}), flush=True)
