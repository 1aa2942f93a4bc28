"""What the checks share: the program, the documents, a scripted model, and how a check ends (0 passed, 1 failed, 77 cannot be made)."""
import http.server, json, os, subprocess, sys, threading

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
QDOC = os.environ.get("QDOC", f"{ROOT}/.build/release/qdoc")
SHARED = next((p for p in (os.environ.get("QDOC_SHARED"), f"{ROOT}/../shared") if p and os.path.isfile(f"{p}/data/MANIFEST.jsonl")), None)
failures = []


def skip(reason):
    print(reason)
    sys.exit(77)


def sample(name):
    path = f"{ROOT}/samples/{name}"
    if not os.path.isfile(path):
        skip(f"samples/{name} is missing")
    return path


def check(holds, what):
    """Notes a failure and goes on, so that one run shows them all."""
    if not holds:
        failures.append(what)
        print(f"FAILED: {what}")
    return holds


def finish(summary):
    print(summary)
    sys.exit(1 if failures else 0)


def qdoc(*arguments, environment=None, timeout=120):
    """Runs the program without any key or configuration of this machine; its status, output and errors."""
    plain = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "TMPDIR", "LANG")}
    plain.update(XDG_CONFIG_HOME="/nonexistent", NO_COLOR="1", **(environment or {}))
    done = subprocess.run([QDOC, *arguments], stdin=subprocess.DEVNULL, capture_output=True, env=plain, timeout=timeout, cwd="/")
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def report(path, *arguments, environment=None):
    """The report of a document; complete (0) or partial (3), else the check fails at once."""
    status, output, errors = qdoc("analyze", path, "--format", "json", *arguments, environment=environment)
    if status not in (0, 3):
        print(f"qdoc analyze {path} ended with {status}: {errors[-2000:]}")
        sys.exit(1)
    return json.loads(output)


class Model:
    """A chat-completion endpoint on a free port that keeps every request and streams what `answer(body)` gives."""

    def __init__(self, answer):
        self.requests = []
        model = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                model.requests.append((self.path, dict(self.headers), raw))
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                base = {"id": f"chatcmpl-{len(model.requests)}", "object": "chat.completion.chunk", "created": 1, "model": "scripted-1"}
                deltas = [{"role": "assistant", "reasoning_content": "Reading the images. "}]
                text = answer(json.loads(raw))
                deltas += [{"content": text[i:i + 40]} for i in range(0, len(text), 40)]
                frames = [dict(base, choices=[{"index": 0, "delta": d, "finish_reason": None}]) for d in deltas]
                frames.append(dict(base, choices=[{"index": 0, "delta": {}, "finish_reason": "stop"}]))
                usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
                frames.append(dict(base, choices=[], usage=usage))
                for frame in [json.dumps(f) for f in frames] + ["[DONE]"]:
                    line = f"data: {frame}\n\n".encode()
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
                self.wfile.write(b"0\r\n\r\n")

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"

    def arguments(self, name="scripted"):
        return ["-m", f"openai/{name}", "--base-url", self.url]
