"""Broken and hostile files end by themselves, with a status of ours and a report that says what was not read."""
import json, os, tempfile, time
from _qdoc import SHARED, check, finish, qdoc, sample, skip

# Three times the slowest that was seen, of a debug build on two busy cores.
LIMIT = 30

if not SHARED:
    skip("../shared/data is not here")
folder = f"{SHARED}/data/malformed"
names = sorted(os.listdir(folder))
good = sample("invoice.pdf")
slowest = (0, "")
for name in names:
    begun = time.monotonic()
    status, output, errors = qdoc("analyze", f"{folder}/{name}", "--format", "json", timeout=300)
    seconds = time.monotonic() - begun
    slowest = max(slowest, (seconds, name))
    check(status in (0, 1, 3), f"{name} ended with {status}: {errors[-300:]}")
    check(seconds < LIMIT, f"{name} took {seconds:.0f} s")
    check(output or status == 1, f"{name}: status {status} without a report")
    if output:
        state = json.loads(output)["run"]["state"]
        check({0: "complete", 1: "failed", 3: "partial"}[status] == state, f"{name}: status {status}, state {state}")
    check(status == 0 or errors.strip(), f"{name}: nothing says why")

# One process for all of them: what one file did to it, the good one at the end would show.
with tempfile.TemporaryDirectory() as kept:
    status, _, errors = qdoc("analyze", *(f"{folder}/{name}" for name in names), good, "-o", f"{kept}/", timeout=LIMIT * (len(names) + 1))
    check(status in (1, 3), f"all files in one call ended with {status}: {errors[-300:]}")
    reports = os.listdir(kept)
    check(len(reports) == len(names) + 1, f"{len(reports)} reports of {len(names) + 1} files in one call")
    last = next((name for name in reports if name.startswith("invoice")), None)
    if check(last, "no report of the good file after the others"):
        state = json.load(open(f"{kept}/{last}"))["run"]["state"]
        check(state == "complete", f"the good file after the others is {state}")
finish(f"{len(names)} files, the slowest {slowest[1]} in {slowest[0]:.1f} s")
