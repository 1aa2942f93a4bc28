"""Broken and hostile files end by themselves, with a status of ours and a report that says what was not read."""
import json, os, time
from _qdoc import SHARED, check, finish, qdoc, skip

if not SHARED:
    skip("../shared/data is not here")
folder = f"{SHARED}/data/malformed"
names = sorted(os.listdir(folder))
slowest = (0, "")
for name in names:
    begun = time.monotonic()
    status, output, errors = qdoc("analyze", f"{folder}/{name}", "--format", "json", timeout=300)
    seconds = time.monotonic() - begun
    slowest = max(slowest, (seconds, name))
    check(status in (0, 1, 3), f"{name} ended with {status}: {errors[-300:]}")
    check(seconds < 120, f"{name} took {seconds:.0f} s")
    check(output or status == 1, f"{name}: status {status} without a report")
    if output:
        state = json.loads(output)["run"]["state"]
        check({0: "complete", 1: "failed", 3: "partial"}[status] == state, f"{name}: status {status}, state {state}")
    check(status == 0 or errors.strip(), f"{name}: nothing says why")
finish(f"{len(names)} files, the slowest {slowest[1]} in {slowest[0]:.1f} s")
