"""PyPI's openai with its Realtime client. What it got is printed as JSON."""
import base64
import json
import sys

from openai import OpenAI

given = json.loads(sys.argv[1])
client = OpenAI(base_url=given["address"] + "/v1", api_key=given["token"], max_retries=0)
with open(given["sound"], "rb") as file:
    sound = file.read()

events = []
session = {
    "input_audio_format": given["format"],
    "input_audio_transcription": {"model": "whisper-1", "language": "en"},
    "turn_detection": None,
}
with client.realtime.connect(
    extra_query={"intent": "transcription"}, extra_headers={"OpenAI-Beta": "realtime=v1"}
) as connection:
    connection.send({"type": "transcription_session.update", "session": session})
    for start in range(0, len(sound), 4000):
        audio = base64.b64encode(sound[start : start + 4000]).decode()
        connection.input_audio_buffer.append(audio=audio)
    connection.input_audio_buffer.commit()
    for event in connection:
        events.append(event.model_dump())
        if event.type == "conversation.item.input_audio_transcription.completed":
            break
print(json.dumps(events))
