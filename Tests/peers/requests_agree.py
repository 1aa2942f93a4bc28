"""What is sent to a model is what the report says: the request by the types of the `openai` package, the images by Pillow."""
import base64, hashlib, io, json, re
from openai.types.chat.completion_create_params import CompletionCreateParamsStreaming
from PIL import Image
from pydantic import TypeAdapter
from _qdoc import Model, check, finish, report, sample

path = sample("annual-report.pdf")
model = Model(lambda body: json.dumps({"title": "Annual report", "keyFigures": [], "tables": [], "charts": [], "findings": []}))
made = report(path, "--window", "4", *model.arguments(), environment={"OPENAI_API_KEY": "sk-check-0123456789"})
numbers = {image["number"]: image for image in made["images"]}
sent = []
check(len(model.requests) == len(made["calls"]), f"{len(model.requests)} requests, {len(made['calls'])} calls")
types = TypeAdapter(CompletionCreateParamsStreaming)
for target, headers, raw in model.requests:
    body = json.loads(raw)
    types.validate_python(body)
    check(target == "/v1/chat/completions", f"sent to {target}")
    check(headers.get("Authorization") == "Bearer sk-check-0123456789", "the key is in its header")
    check(body["stream"] is True and body["stream_options"]["include_usage"] is True, "a stream with usage is asked for")
    check(len(body["messages"]) == 1 and body["messages"][0]["role"] == "user", "one message of the user")
    check(b"annual-report" not in raw, "the file's name does not leave the machine")
    parts = body["messages"][0]["content"]
    for before, part in zip(parts, parts[1:]):
        if part["type"] != "image_url":
            continue
        kind, data = re.fullmatch(r"data:image/(png|jpeg);base64,(.*)", part["image_url"]["url"]).groups()
        data = base64.b64decode(data, validate=True)
        image = Image.open(io.BytesIO(data))
        image.load()
        check(before["type"] == "text", "a text part goes before each image")
        number = int(re.search(r"\d+", before["text"])[0])
        said = numbers[number]
        sent.append(number)
        facts = (image.size, f"image/{image.format.lower()}", len(data), hashlib.sha256(data).hexdigest())
        check(facts == ((said["width"], said["height"]), said["encoding"], said["bytes"], said["sha256"]), f"image {number}: {facts} against {said}")
check(sent and sorted(sent) == sorted(numbers), f"images sent {sorted(sent)}, in the report {sorted(numbers)}")
digests = sorted(hashlib.sha256(raw).hexdigest() for _, _, raw in model.requests)
check(digests == sorted(e["sha256"] for e in made["egress"]), "egress names the digest of each body")
check("sk-check-0123456789" not in json.dumps(made), "the key is not in the report")
finish(f"{len(model.requests)} requests with {len(sent)} images agree with the report")
