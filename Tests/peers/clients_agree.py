"""The provider emulator speaks the protocols: the official `openai` and `dashscope` packages talk to it without a complaint."""
import base64, io, json, os, subprocess, urllib.request
import dashscope, openai
from PIL import Image
from _qdoc import ROOT, check, finish

PROGRAM = os.environ.get("QDOC_EMULATOR", f"{ROOT}/.build/debug/QdocEmulatorServer")
KEYS = {"dashscope": "sk-singapore-1", "dashscope@beijing": "sk-beijing-1", "segmind": "SG_1", "aimlapi": "ai-1", "openai": "sk-o-1", "openrouter": "sk-or-1", "litellm": "sk-l-1"}
THOUGHT = "the third is the tallest"
FORM = {
    "type": "object", "required": ["_image", "_quote", "keyFigures"],
    "properties": {
        "_image": {"type": "integer"}, "_quote": {"type": "string"},
        "keyFigures": {"type": "array", "items": {"type": "object", "required": ["label", "value"], "properties": {
            "label": {"type": "string"}, "value": {"type": "number"}}}}},
}


class Emulator:
    def __init__(self, *options):
        command = [PROGRAM, "--until-eof", *options]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.address = json.loads(self.process.stdout.readline())["address"]

    def get(self, path):
        with urllib.request.urlopen(f"{self.address}/_emulator/{path}") as answer:
            return answer.read().decode()

    def post(self, path, value):
        request = urllib.request.Request(f"{self.address}/_emulator/{path}", json.dumps(value).encode(), {"Content-Type": "application/json"})
        urllib.request.urlopen(request).read()

    def stats(self):
        return json.loads(self.get("stats"))

    def stop(self):
        self.process.stdin.close()
        self.process.wait(10)


def image(width, height, kind="PNG"):
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(buffer, kind)
    return f"data:image/{kind.lower()};base64,{base64.b64encode(buffer.getvalue()).decode()}"


def parts(*images, text="Read the chart."):
    shown = [part for n, i in enumerate(images, 1) for part in ({"type": "text", "text": f"Image {n}: chart"}, {"type": "image_url", "image_url": {"url": i}})]
    return [{"role": "user", "content": shown + [{"type": "text", "text": f"{text} Answer in JSON:\n{json.dumps(FORM)}"}]}]


def native(*images, text="Read the chart."):
    return [{"role": "user", "content": [{"image": i} for i in images] + [{"text": f"{text} Answer in JSON:\n{json.dumps(FORM)}"}]}]


def client(scope, base, retries=0):
    return openai.OpenAI(api_key=KEYS.get(scope, "none"), base_url=f"{emulator.address}/{base}", max_retries=retries, timeout=20)


def reasoning(message):
    return getattr(message, "reasoning_content", None) or getattr(message, "reasoning", None) or ""


def streamed(chat, **arguments):
    """Thought, answer, finish and usage of a stream."""
    thought = answer = ""
    finish = usage = None
    for chunk in chat.chat.completions.create(stream=True, stream_options={"include_usage": True}, **arguments):
        usage = chunk.usage or usage
        for choice in chunk.choices:
            thought += reasoning(choice.delta)
            answer += choice.delta.content or ""
            finish = choice.finish_reason or finish
    return thought, answer, finish, usage


def raises(kind, status, work):
    """The exception of the type and status that `work` ends with."""
    try:
        work()
    except kind as error:
        check(getattr(error, "status_code", None) == status, f"{kind.__name__} with {getattr(error, 'status_code', None)}, not {status}: {error}")
        return error
    except Exception as error:  # any other type is the finding
        check(False, f"{type(error).__name__} instead of {kind.__name__}: {error}")
    else:
        check(False, f"no {kind.__name__}")
    return None


def conforms(text, what):
    data = json.loads(text)
    check(data["keyFigures"] and set(data) >= {"_image", "_quote"}, f"{what}: {text}")


emulator = Emulator("--keys", ",".join(f"{scope}={key}" for scope, key in KEYS.items()))
scene = image(1024, 406)

# Chat completions of every provider, as a stream and as a whole: does it think, and what does the image count.
CASES = [
    ("dashscope", "dashscope/compatible-mode/v1", "qvq-max", {}, True, 520),
    ("dashscope", "dashscope/compatible-mode/v1", "qwen3.5-plus", {"enable_thinking": True, "thinking_budget": 4000}, True, 418),
    ("dashscope", "dashscope/compatible-mode/v1", "qwen3-vl-flash", {}, False, 418),
    ("dashscope", "dashscope/compatible-mode/v1", "qwen2.5-vl-32b-instruct", {}, False, 520),
    ("dashscope@beijing", "dashscope-beijing/compatible-mode/v1", "kimi-k2.5", {"enable_thinking": True}, True, 37 * 15),
    ("aimlapi", "aimlapi/v1", "qwen-max", {}, False, None),
    ("openai", "openai/v1", "gpt-4.1", {}, False, 425),
    ("vllm", "vllm/v1", "Qwen/Qwen3-VL-8B-Thinking", {}, True, 418),
    ("vllm", "vllm/v1", "Qwen/Qwen3-VL-8B", {"chat_template_kwargs": {"enable_thinking": False}}, False, 418),
    ("ollama", "ollama/v1", "qwen3-vl:8b", {}, True, 418),
    ("llamacpp", "llamacpp/v1", "qwen3-vl-8b", {}, True, 418),
    ("openrouter", "openrouter/api/v1", "qwen/qwen3-vl-235b-a22b-thinking", {}, True, 418),
    ("litellm", "litellm/v1", "qwen3-vl-plus", {}, True, 418),
]
for scope, base, model, extra, thinks, tokens in CASES:
    chat = client(scope, base)
    asked = dict(model=model, messages=parts(*([scene] if tokens else [])), max_tokens=2000, extra_body=extra)
    thought, answer, end, usage = streamed(chat, **asked)
    what = f"{base} {model}"
    check((THOUGHT in thought) == thinks, f"{what}: thought {thought!r}")
    conforms(answer, what)
    check(end == "stop", f"{what}: {end}")
    check(usage and usage.total_tokens == usage.prompt_tokens + usage.completion_tokens > 0, f"{what}: {usage}")
    if tokens:
        without = streamed(chat, **dict(asked, messages=parts()))[3]
        label = len("Image 1: chart") // 4
        counted = usage.prompt_tokens - without.prompt_tokens
        check(tokens <= counted <= tokens + label + 1, f"{what}: the image counts {counted}, not {tokens}")
    if model != "qvq-max":
        whole = chat.chat.completions.create(**asked)
        check((THOUGHT in reasoning(whole.choices[0].message)) == thinks, f"{what}: {whole}")
        check(whole.choices[0].message.content == answer and whole.choices[0].finish_reason == "stop", f"{what}: {whole}")
        check(whole.usage.completion_tokens == usage.completion_tokens, f"{what}: {whole.usage} and {usage}")
    plain = list(chat.chat.completions.create(stream=True, **asked))
    check(all(chunk.usage is None for chunk in plain), f"{what}: usage that nobody asked for")

# What each refuses, by the package's own types.
studio = client("dashscope", "dashscope/compatible-mode/v1")
ask = studio.chat.completions.create
REFUSED = [
    ("only support stream", dict(model="qvq-max", messages=parts(scene))),
    ("enable_thinking", dict(model="qvq-max", stream=True, messages=parts(scene), extra_body={"enable_thinking": True})),
    ("thinking_budget", dict(model="qvq-max", stream=True, messages=parts(scene), extra_body={"thinking_budget": 100})),
    ("enable_thinking", dict(model="qwen2.5-vl-32b-instruct", messages=parts(scene), extra_body={"enable_thinking": False})),
    ("enable_thinking", dict(model="qwen3-vl-32b-thinking", messages=parts(scene), extra_body={"enable_thinking": False})),
    ("Json mode", dict(model="qwen3.5-flash", messages=parts(scene), response_format={"type": "json_object"})),
    ("json_schema", dict(model="qwen3-vl-plus", messages=parts(scene), response_format={"type": "json_schema", "json_schema": {"name": "a", "schema": FORM}})),
    ("'json'", dict(model="qwen3-vl-plus", messages=[{"role": "user", "content": "say so"}], response_format={"type": "json_object"})),
    ("max_tokens", dict(model="qvq-max", stream=True, messages=parts(scene), max_tokens=8193)),
    ("stream_options", dict(model="qwen3-vl-plus", messages=parts(scene), stream_options={"include_usage": True})),
    ("text alone", dict(model="qwen-max", messages=parts(scene))),
    ("length and width", dict(model="qwen3-vl-plus", messages=parts(image(10, 100)))),
    ("length and width", dict(model="qwen3-vl-plus", messages=parts(image(2211, 11)))),
    ("data-uri item", dict(model="qwen3-vl-plus", messages=parts(scene + "A" * 10_485_760))),
    ("temperature", dict(model="qwen3-vl-plus", messages=parts(scene), temperature=2)),
]
for words, arguments in REFUSED:
    error = raises(openai.BadRequestError, 400, lambda: ask(**arguments))
    check(error and words in str(error), f"{words} is not in {error}")
raises(openai.NotFoundError, 404, lambda: ask(model="kimi-k2.5", messages=parts(scene)))
raises(openai.AuthenticationError, 401, lambda: client("dashscope@beijing", "dashscope/compatible-mode/v1").chat.completions.create(model="qwen-max", messages=parts()))
raises(openai.NotFoundError, 404, lambda: client("openrouter", "openrouter/api/v1").chat.completions.create(model="no-such", messages=parts()))
jsonmode = ask(model="qwen3-vl-plus", messages=parts(scene), response_format={"type": "json_object"})
conforms(jsonmode.choices[0].message.content, "json_object")

# Segmind's slugs take a POST of messages; the generic client of the package sends it.
segmind = openai.OpenAI(api_key="none", base_url=f"{emulator.address}/segmind/v1", max_retries=0, default_headers={"x-api-key": KEYS["segmind"]})
for slug, thinks in (("qvq-max", True), ("qwen3.5-flash", True), ("qwen2p5-vl-32b-instruct", False)):
    raw = segmind.post(f"/{slug}", body={"messages": parts(scene)}, cast_to=openai.types.chat.ChatCompletion)
    conforms(raw.choices[0].message.content, slug)
    check((THOUGHT in reasoning(raw.choices[0].message)) == thinks, f"{slug}: {raw}")
raises(openai.NotFoundError, 404, lambda: segmind.post("/nothing", body={"messages": parts(scene)}, cast_to=object))
raises(openai.BadRequestError, 400, lambda: segmind.post("/qvq-max", body={"messages": parts(scene), "stream": True}, cast_to=object))
bearer = openai.OpenAI(api_key=KEYS["segmind"], base_url=f"{emulator.address}/segmind/v1", max_retries=0)
raises(openai.AuthenticationError, 401, lambda: bearer.post("/qvq-max", body={"messages": parts(scene)}, cast_to=object))
error = raises(openai.APIStatusError, 406, lambda: segmind.post("/qvq-max", body={"messages": []}, cast_to=object, options={"headers": {"Content-Type": "text/plain"}}))
check(error and "content type" in str(error.body), f"{error}")
job = segmind.post(f"{emulator.address}/segmind/v2/qvq-max", body={"messages": parts(scene)}, cast_to=object)
states = []
while not states or states[-1] in ("QUEUED", "PROCESSING"):
    states.append(segmind.get(job["status_url"], cast_to=object)["status"])
check(states == ["QUEUED", "PROCESSING", "COMPLETED"], f"states of a job: {states}")
conforms(json.loads(segmind.get(job["response_url"], cast_to=object)["output"])["choices"][0]["message"]["content"], "job")

# DashScope's own protocol.
dashscope.base_http_api_url = f"{emulator.address}/dashscope/api/v1"
talk = dashscope.MultiModalConversation.call


def native_stream(model, **arguments):
    thought = answer = ""
    last = None
    for frame in talk(api_key=KEYS["dashscope"], model=model, messages=native(scene), stream=True, **arguments):
        check(frame.status_code == 200, f"{model}: {frame}")
        message = frame.output.choices[0].message
        thought += message.get("reasoning_content") or ""
        answer += "".join(part["text"] for part in message.content)
        last = frame
    return thought, answer, last


for model, extra, thinks, tokens in (
    ("qvq-max", {}, True, 520), ("qwen3.5-plus", {"enable_thinking": True, "incremental_output": True}, True, 418),
    ("qwen3-vl-plus", {"incremental_output": True}, False, 418), ("qwen3-vl-8b-thinking", {"incremental_output": True}, True, 418),
):
    thought, answer, last = native_stream(model, **extra)
    check((THOUGHT in thought) == thinks, f"native {model}: {thought!r}")
    conforms(answer, f"native {model}")
    check(last.output.choices[0].finish_reason == "stop", f"native {model}: {last}")
    check(last.usage["image_tokens"] == tokens and last.usage["output_tokens"] >= (30 if thinks else 1), f"native {model}: {last.usage}")
frames = list(talk(api_key=KEYS["dashscope"], model="qwen2.5-vl-32b-instruct", messages=native(scene), stream=True))
conforms(frames[-1].output.choices[0].message.content[0]["text"], "cumulative")
whole = talk(api_key=KEYS["dashscope"], model="qwen3.5-plus", messages=native(scene), enable_thinking=True)
conforms(whole.output.choices[0].message.content[0]["text"], "native, not streamed")
check(THOUGHT in whole.output.choices[0].message.reasoning_content, f"native, not streamed: {whole}")
text = dashscope.Generation.call(api_key=KEYS["dashscope"], model="qwen-max", messages=[{"role": "user", "content": "Hello"}], result_format="message")
check(text.status_code == 200 and "tallest" in text.output.choices[0].message.content, f"text generation: {text}")
bad = [
    (401, "InvalidApiKey", dict(api_key="sk-wrong", model="qvq-max", stream=True)),
    (400, "InvalidParameter", dict(model="qvq-max")),
    (400, "InvalidParameter", dict(model="qwen3.5-plus", stream=True, enable_thinking=True, incremental_output=False)),
    (400, "InvalidParameter.NotSupportEnableThinking", dict(model="qwen2.5-vl-32b-instruct", stream=True, enable_thinking=True)),
    (400, "InvalidParameter", dict(model="qwen-max")),
    (404, "ModelNotFound", dict(model="qwen-none")),
]
for status, code, arguments in bad:
    answer = talk(**{"api_key": KEYS["dashscope"], "messages": native(scene), **arguments})
    answer = list(answer)[0] if arguments.get("stream") else answer
    # In a stream the package knows no status but 400.
    check((answer.status_code, answer.code) == (status, code), f"{arguments}: {answer}")

# Faults of a script, as the packages see them.
emulator.post("script", [{"times": 1, "fault": {"kind": "429", "headers": ["Retry-After: 0"]}}])
patient = client("dashscope", "dashscope/compatible-mode/v1", retries=1)
conforms(streamed(patient, model="qvq-max", messages=parts(scene))[1], "after a retry")
emulator.post("script", [{"fault": {"kind": "429"}}])
raises(openai.RateLimitError, 429, lambda: ask(model="qwen-max", messages=parts()))
answer = talk(api_key=KEYS["dashscope"], model="qwen3-vl-plus", messages=native(scene))
check((answer.status_code, answer.code) == (429, "Throttling.RateQuota"), f"native 429: {answer}")
emulator.post("script", [{"fault": {"kind": "inStreamError"}}])
for scope, base in (("dashscope", "dashscope/compatible-mode/v1"), ("openrouter", "openrouter/api/v1"), ("vllm", "vllm/v1")):
    raises(openai.APIError, None, lambda: streamed(client(scope, base), model="qwen3-vl-plus", messages=parts(scene)))
frames = list(talk(api_key=KEYS["dashscope"], model="qvq-max", messages=native(scene), stream=True))
check(frames[0].status_code == 200 and frames[-1].status_code == 400 and frames[-1].code == "InternalError", f"{frames[-1]}")
emulator.post("script", [])

# Credits that run down and come back.
poor = Emulator("--credits", "2", "--keys", ",".join(f"{scope}={key}" for scope, key in KEYS.items()))
rich, emulator = emulator, poor
routed = client("openrouter", "openrouter/api/v1")
for _ in range(2):
    routed.chat.completions.create(model="qwen/qwen3-vl-8b", messages=parts(scene))
raises(openai.APIStatusError, 402, lambda: routed.chat.completions.create(model="qwen/qwen3-vl-8b", messages=parts(scene)))
raises(openai.PermissionDeniedError, 403, lambda: client("aimlapi", "aimlapi/v1").chat.completions.create(model="qwen-max", messages=parts()))
error = raises(openai.BadRequestError, 400, lambda: client("dashscope", "dashscope/compatible-mode/v1").chat.completions.create(model="qwen-max", messages=parts()))
check(error and error.code == "Arrearage", f"{error}")
poor.post("credits", {"credits": 1})
routed.chat.completions.create(model="qwen/qwen3-vl-8b", messages=parts(scene))
stats = poor.stats()
check((stats["billed"], stats["credits"]) == (3, 0), f"{stats}")
lines = [json.loads(line) for line in poor.get("ledger").splitlines()]
check(sum(line["event"] == "billed" for line in lines) == 3, f"{len(lines)} lines")
poor.stop()
emulator = rich
stats = emulator.stats()
check(stats["billed"] == stats["finished"] + stats["dropped"] and stats["active"] == 0, f"{stats}")
emulator.stop()
finish(f"{stats['requests']} requests of openai {openai.__version__} and dashscope {dashscope.version.__version__}: {stats['billed']} answered, {stats['refused']} refused")
