"""PyPI's openai (sync, async, streams, socket), litellm and requests with their own HTTP. What they got is printed as JSON."""
import asyncio
import json
import sys

import httpx2
import litellm
import requests
from openai import APIStatusError, AsyncOpenAI, OpenAI

given = json.loads(sys.argv[1])
address, token, recording = given["address"], given["token"], given["recording"]
base_url = address + "/v1"
client = OpenAI(base_url=base_url, api_key=token, max_retries=0)
got = {}
litellm.suppress_debug_info = True


def transcribe(**fields):
    with open(recording, "rb") as file:
        return client.audio.transcriptions.create(**{"file": file, "model": "whisper-1", **fields})


def failure(ask):
    try:
        ask()
    except APIStatusError as error:
        return {"status": error.status_code, "code": error.code, "param": error.param, "id": error.request_id}
    return None


got["json"] = transcribe(language="en", prompt="A question.").text
got["text"] = transcribe(response_format="text")
got["srt"] = transcribe(response_format="srt")
verbose = transcribe(response_format="verbose_json", timestamp_granularities=["word", "segment"])
got["verbose"] = verbose.model_dump()
got["events"] = [event.model_dump() for event in transcribe(model="gpt-transcribe", stream=True)]
with open(given["hotword"], "rb") as file:
    got["hotword"] = client.audio.transcriptions.create(file=file, model="gpt-transcribe", keywords=["ComfyUI"]).text
with open(given["german"], "rb") as file:
    got["translation"] = client.audio.translations.create(
        file=file, model="whisper-1", response_format="verbose_json"
    ).language
got["bytes without a name"] = transcribe(file=open(recording, "rb").read()).text
listed = [model.id for model in client.models.list()]
got["listed"] = listed
got["retrieved"] = client.models.retrieve(listed[0]).id
got["include"] = failure(lambda: transcribe(include=["logprobs"]))
got["unknown model"] = failure(lambda: client.models.retrieve("none"))

socket = OpenAI(
    base_url="http://localhost/v1",
    api_key="none",
    max_retries=0,
    http_client=httpx2.Client(transport=httpx2.HTTPTransport(uds=given["socketPath"])),
)
with open(recording, "rb") as file:
    got["socket"] = socket.audio.transcriptions.create(file=file, model="whisper-1").text


async def asynchronous():
    client = AsyncOpenAI(base_url=base_url, api_key=token, max_retries=0)
    with open(recording, "rb") as file:
        plain = await client.audio.transcriptions.create(file=file, model="whisper-1")
    with open(recording, "rb") as file:
        stream = await client.audio.transcriptions.create(file=file, model="gpt-transcribe", stream=True)
        events = [event.type async for event in stream]
    return {"text": plain.text, "events": events}


got["async"] = asyncio.run(asynchronous())


def post(fields):
    with open(recording, "rb") as file:
        return requests.post(
            base_url + "/audio/transcriptions",
            headers={"Authorization": "Bearer " + token},
            files={"file": file},
            data=fields,
            timeout=600,
        )


got["requests"] = post({"model": "whisper-1", "stream": False, "temperature": 0.0}).json()["text"]
got["requests stream"] = post({"stream": True}).headers["content-type"]
words = post({"response_format": "verbose_json", "timestamp_granularities": json.dumps(["word"])}).json()
got["requests words"] = [word["word"] for word in words["words"]]
refused = post({"temperature": "0,2"})
got["requests refused"] = [refused.status_code, refused.json()["error"]["param"]]

for model in ["whisper-1", "gpt-4o-transcribe", "gpt-transcribe"]:
    with open(recording, "rb") as file:
        answer = litellm.transcription(model="openai/" + model, file=file, api_base=base_url, api_key=token)
    got["litellm " + model] = answer.text

print(json.dumps(got))
