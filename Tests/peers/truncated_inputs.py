"""Files that are cut anywhere reach a final state: each gets a report, or a code that says why there is none.

    truncated_inputs.py          20 seeds at 10 places, for the gate
    truncated_inputs.py --all    200 seeds at 50 places
"""
import collections, json, os, shutil, subprocess, sys, tempfile
from _qdoc import QDOC, SHARED, check, finish, skip

if not SHARED:
    skip("../shared/data is not here")
everything = "--all" in sys.argv
seeds, places = (200, 50) if everything else (20, 10)
# Files in one call: enough that starting up costs nothing, few enough that a hang shows soon.
BATCH = 50
# Seconds a file may take on average; the slowest whole document takes 30.
EACH = 4


def chosen():
    """Small files of every kind and folder in turn; no two are the same."""
    groups = collections.defaultdict(list)
    for folder, _, names in sorted(os.walk(f"{SHARED}/data")):
        for name in sorted(names):
            path = f"{folder}/{name}"
            size = os.path.getsize(path)
            if 0 < size and not name.endswith((".json", ".jsonl", ".md")): groups[folder, name.rsplit(".", 1)[-1]].append((size, path))
    # The smallest of each group first: what is large is cut to what stands at its start all the same.
    lists = [[path for _, path in sorted(group)] for group in groups.values()]
    found = [path for turn in range(max(map(len, lists))) for paths in lists for path in paths[turn:turn + 1]]
    return found[:seeds]


states = collections.Counter()
codes = collections.Counter()
# By exit status.
drawn = collections.Counter()
count = 0
environment = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME")} | {"XDG_CONFIG_HOME": "/nonexistent", "NO_COLOR": "1"}
sources = chosen()
with tempfile.TemporaryDirectory() as folder:
    os.mkdir(f"{folder}/tmp")

    def start(arguments, paths, timeout):
        try:
            done = subprocess.run(
                [QDOC, *arguments], stdin=subprocess.DEVNULL, capture_output=True, env=environment | {"TMPDIR": f"{folder}/tmp"}, cwd="/",
                timeout=timeout)
        except subprocess.TimeoutExpired:
            states["hung"] += len(paths)
            check(False, f"hung on one of {os.path.basename(paths[0])}...{os.path.basename(paths[-1])}")
            return ""
        said = done.stderr.decode(errors="replace")
        check(done.returncode in (0, 1, 3), f"{paths[0]} ended with {done.returncode}: {said[-300:]}")
        check(done.returncode == 0 or said.strip() or done.stdout, f"{paths[0]} ended with {done.returncode}, and nothing says why")
        drawn[done.returncode] += arguments[0] == "inspect"
        return said

    def ask(paths):
        """One call for some files; counts how each of them ended."""
        global count
        out = tempfile.mkdtemp(dir=folder)
        for path in paths:
            # What the local reader does not look at: pictures, and everything drawn.
            if everything or path.endswith((".png", ".jpg")): start(["inspect", path, "--save-images", f"{out}/images"], [path], 60)
        shutil.rmtree(f"{out}/images", ignore_errors=True)
        said = start(["analyze", *paths, "-o", f"{out}/"], paths, 60 + EACH * len(paths))
        reports = {}
        for name in os.listdir(out):
            report = json.load(open(f"{out}/{name}"))
            reports[name.split(".")[0]] = report["run"]["state"]
            codes.update({warning["code"] for warning in report["warnings"]})
            os.unlink(f"{out}/{name}")
        for path in paths:
            name = os.path.basename(path).split(".")[0]
            state = reports.get(name)
            if check(state or os.path.basename(path) in said, f"nothing says what became of {name}: {said[-200:]}"):
                states[state or "refused"] += 1
            count += 1
            os.unlink(path)

    batch = []
    for number, source in enumerate(sources):
        with open(source, "rb") as file: whole = file.read()
        for place in range(places):
            path = f"{folder}/cut-{number}-{place}.{source.rsplit('.', 1)[-1]}"
            # Never the whole file, and never none of it: an empty file is refused before it is read.
            with open(path, "wb") as file: file.write(whole[:max(1, len(whole) * (2 * place + 1) // (2 * places))])
            batch.append(path)
            if len(batch) == BATCH:
                ask(batch)
                batch = []
                if everything: print(f"{count} {dict(states)}", flush=True)
    if batch: ask(batch)
    check(not os.listdir(f"{folder}/tmp"), f"files were left behind: {os.listdir(f'{folder}/tmp')}")
check(count == len(sources) * places, f"{count} of {len(sources) * places} ended")
print(f"warnings {dict(codes)}, drawn by status {dict(drawn)}")
finish(f"{len(sources)} files at {places} places: {dict(states)}")
