"""The provider emulator as a process of its own: paid calls on loopback, with a ledger that survives whatever dies."""
import json, os, subprocess, urllib.request
from _qdoc import ROOT, skip

EMULATOR = os.environ.get("QDOC_EMULATOR", f"{ROOT}/.build/debug/QdocEmulatorServer")


class Emulator:
    """Started with options as its command line takes them; `credits=10` becomes `--credits 10`."""

    def __init__(self, folder, **options):
        if not os.access(EMULATOR, os.X_OK):
            skip(f"{EMULATOR} is not built")
        self.ledger_path = f"{folder}/ledger.jsonl"
        arguments = [EMULATOR, "--port", "0", "--ledger", self.ledger_path]
        for name, value in options.items():
            arguments += [f"--{name.replace('_', '-')}", str(value)]
        self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
        self.address = json.loads(self.process.stdout.readline())["address"]

    def close(self):
        self.process.terminate()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def get(self, path):
        return json.load(urllib.request.urlopen(f"{self.address}/_emulator/{path}", timeout=30))

    def post(self, path, value):
        request = urllib.request.Request(f"{self.address}/_emulator/{path}", json.dumps(value).encode(), {"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=30).read()

    def ledger(self):
        with open(self.ledger_path) as lines:
            return [json.loads(line) for line in lines if line.strip()]

    def billed(self):
        return [line for line in self.ledger() if line["event"] == "billed"]

    def dashscope(self, model):
        return ["-m", f"dashscope/{model}", "--base-url", f"{self.address}/dashscope/compatible-mode/v1"]

    def segmind(self, model):
        return ["-m", f"segmind/{model}", "--base-url", f"{self.address}/segmind/v1"]


KEYS = {"DASHSCOPE_API_KEY": "sk-singapore", "SEGMIND_API_KEY": "sg-key", "AIMLAPI_KEY": "aiml-key"}
