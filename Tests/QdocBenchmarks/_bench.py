"""What the measuring tools share: the program, the mock model of ../shared/bench, CPU of a process with all its children."""
import json, os, statistics, subprocess, sys, time, urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
QDOC = os.environ.get("QDOC", f"{ROOT}/.build/release/qdoc")
SHARED = os.path.abspath(os.environ.get("QDOC_SHARED") or f"{ROOT}/../shared")


def environment(base_url):
    plain = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "TMPDIR", "LANG")}
    return dict(plain, XDG_CONFIG_HOME="/nonexistent", OPENAI_API_KEY="mock", OPENAI_BASE_URL=base_url)


def measure(command, env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE):
    """Runs a command; (wall seconds, CPU seconds of it and its reaped children). Stops the tool where it fails."""
    begun = time.monotonic()
    process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr)
    errors = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - begun
    if os.waitstatus_to_exitcode(status) not in (0, 3):
        sys.exit(f"{command[0]} ended with {os.waitstatus_to_exitcode(status)}: {errors[-2000:].decode(errors='replace')}")
    return wall, usage.ru_utime + usage.ru_stime


def median(values):
    return statistics.median(values)


class Mock:
    """The mock model as a process of its own."""

    def __init__(self, **settings):
        options = [f"--{name.replace('_', '-')}={value}" for name, value in settings.items()]
        script = f"{SHARED}/bench/mock_vlm.py"
        if not os.path.isfile(script):
            sys.exit(f"{script} is missing: set QDOC_SHARED")
        self.process = subprocess.Popen([sys.executable, script, "--port", "0", *options], stdout=subprocess.PIPE, text=True)
        self.url = "http://127.0.0.1:" + self.process.stdout.readline().split(":")[1].split()[0]

    def call(self, path):
        return json.load(urllib.request.urlopen(self.url + path, timeout=60))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
