"""Small files that ask for a great deal end in bounds, with a code of ours, and leave the next file alone.

    bombs.py          a dozen kinds, for the gate
    bombs.py --all    all of them
    bombs.py KIND...  these
"""
import json, os, sys, tempfile
from _bombs import KINDS, QUICK, suffix
from _qdoc import QDOC, check, finish, sample
from _tree import run

WALL, CPU, MEMORY, DISK = 30, 20, 1 << 30, 256 << 20

kinds = list(KINDS) if "--all" in sys.argv else [name for name in sys.argv[1:] if name in KINDS] or QUICK
good = sample("invoice.pdf")
print(f"{'kind':20} {'bytes':>10} {'wall s':>7} {'CPU s':>6} {'MiB':>5} {'disk':>5}  end")
for kind in kinds:
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/bomb.{suffix(kind)}"
        with open(path, "wb") as file: file.write(KINDS[kind]())
        os.mkdir(f"{folder}/tmp")
        os.mkdir(f"{folder}/out")
        environment = {"PATH": os.environ["PATH"], "HOME": folder, "TMPDIR": f"{folder}/tmp", "XDG_CONFIG_HOME": "/nonexistent", "NO_COLOR": "1"}
        # The pages drawn; then their content read, and another file after them by the same process.
        drawn = run([QDOC, "inspect", path, "--json", "--save-images", f"{folder}/images"], environment, 2 * WALL, f"{folder}/drawn")
        usage = run([QDOC, "analyze", path, good, "-o", f"{folder}/out/"], environment, 2 * WALL, f"{folder}/errors")
        check(drawn.status in (0, 1, 3), f"{kind} was drawn with status {drawn.status}")
        usage.wall, usage.cpu = max(usage.wall, drawn.wall), max(usage.cpu, drawn.cpu)
        usage.memory, usage.disk = max(usage.memory, drawn.memory), max(usage.disk, drawn.disk)
        usage.left = [*drawn.left, *usage.left]
        reports = {name.split(".")[0]: json.load(open(f"{folder}/out/{name}")) for name in os.listdir(f"{folder}/out")}
        first = next((report for name, report in reports.items() if name.startswith("bomb")), None)
        second = next((report for name, report in reports.items() if name.startswith("invoice")), None)
        said = open(f"{folder}/drawn", errors="replace").read() + open(f"{folder}/errors", errors="replace").read()
        codes = sorted({warning["code"] for warning in (first or {}).get("warnings", [])})
        if not first: codes = [said.split("\n")[0].removeprefix(f"qdoc: {path}: ")[:60]]
        end = f"{(first or {}).get('run', {}).get('state', 'no report')} {' '.join(codes)}"
        print(f"{kind:20} {os.path.getsize(path):10} {usage.wall:7.1f} {usage.cpu:6.1f} {usage.memory >> 20:5} {usage.disk >> 20:5}  {end}", flush=True)
        check(usage.status in (0, 1, 3), f"{kind} ended with {usage.status}: {said[-300:]}")
        check(usage.wall <= WALL, f"{kind} took {usage.wall:.1f} s")
        check(usage.cpu <= CPU, f"{kind} took {usage.cpu:.1f} s of processor time")
        check(usage.memory <= MEMORY, f"{kind} took {usage.memory >> 20} MiB of memory")
        check(usage.disk <= DISK, f"{kind} took {usage.disk >> 20} MiB of disk")
        check(not usage.left, f"{kind} left processes behind: {usage.left}")
        check(not os.listdir(f"{folder}/tmp"), f"{kind} left files behind: {os.listdir(f'{folder}/tmp')}")
        check(first or said.strip(), f"{kind}: nothing says how it ended")
        check(second and second["run"]["state"] == "complete", f"{kind}: the good file after it was not read")
finish(f"{len(kinds)} kinds")
