"""25 keys through every output, error, crash, report and store: none of them, nor its base64 or URL form, is in anything that was written."""
import base64, os, signal, subprocess, tempfile, urllib.parse
from _emulator import Emulator
from _qdoc import QDOC, check, finish, sample

document = sample("invoice.pdf")
keys = [f"sk-canary-{number:02}-{os.urandom(12).hex()}" for number in range(25)]
FAULTS = [None, "echoKey", "status401", "status500", "html", "drop", "noFinish", "inStreamError", "stall", "redirect", "contentBlocked", "hugeHeaders"]
OPTIONS = [[], ["--events", "jsonl"], ["--quiet"], ["--no-store"], ["--format", "json"]]


def rule(kind):
    if kind == "stall":
        return {"kind": "stall", "atByte": 200}
    return {"kind": "status", "status": int(kind[6:])} if kind.startswith("status") else {"kind": kind}


with tempfile.TemporaryDirectory() as folder, Emulator(folder) as emulator:
    written = f"{folder}/written"
    os.makedirs(f"{written}/tmp")
    for number, key in enumerate(keys):
        fault = FAULTS[number % len(FAULTS)]
        emulator.post("script", [] if fault is None else [{"times": 3, "fault": rule(fault)}])
        provider = [("DASHSCOPE_API_KEY", emulator.dashscope("qvq-max")), ("SEGMIND_API_KEY", emulator.segmind("qwen2p5-vl-32b-instruct")),
                    ("OPENAI_API_KEY", ["-m", "openai/gpt-4o", "--base-url", f"{emulator.address}/openai/v1"])][number % 3]
        environment = {"PATH": os.environ["PATH"], "HOME": written, "TMPDIR": f"{written}/tmp", provider[0]: key}
        if number % 5 == 4:
            environment["http_proxy"] = environment["HTTPS_PROXY"] = "http://127.0.0.1:9"
        with open(f"{written}/{number}.out", "wb") as out, open(f"{written}/{number}.err", "wb") as err:
            process = subprocess.Popen(
                [QDOC, "analyze", document, *provider[1], *OPTIONS[number % len(OPTIONS)], "--store", f"{written}/{number}.db"], env=environment,
                stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=written)
            try:
                # One that stalls is ended by a crash: its core, if any, lies in the folder.
                process.wait(timeout=4 if fault == "stall" else 60)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGABRT)
                process.wait()
        for command in (["models"], ["models", "--json"], ["doctor"], ["runs", "list", "--json", "--store", f"{written}/{number}.db"]):
            with open(f"{written}/{number}-{command[0]}.txt", "ab") as out:
                subprocess.run([QDOC, *command], env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out, timeout=60)
    hits = 0
    files = [os.path.join(at, name) for at, _, names in os.walk(written) for name in names]
    for path in files:
        with open(path, "rb") as file:
            content = file.read()
        for key in keys:
            # Base64 of the key at each of its three alignments, without the ends that its neighbours decide.
            forms = {key, urllib.parse.quote(key, safe=""), key[::-1]} | {
                base64.b64encode(b"x" * shift + key.encode()).decode()[4:-4] for shift in range(3)}
            found = [form for form in forms if form.encode() in content]
            hits += len(found)
            check(not found, f"a key is in {os.path.basename(path)}")
finish(f"{len(keys)} keys, {len(files)} files written, {hits} hits")
