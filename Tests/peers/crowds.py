"""Bombs among many files hold up nobody, and whatever ends the program takes its children along.

    crowds.py          40 files, 3 kills
    crowds.py --all    200 files, 20 kills
"""
import os, queue, random, signal, statistics, subprocess, sys, tempfile, threading, time
from _bombs import KINDS, suffix
from _qdoc import QDOC, SHARED, check, finish, sample
from _tree import alive, children, run

everything = "--all" in sys.argv
FILES, WORKERS, KILLS = (200, 2, 20) if everything else (40, 2, 3)
# Of each sort one: too much memory, too much time, too much nesting, a broken structure, a false claim.
BOMBS = ["pdf_content_arrays", "pdf_form_tree", "pdf_arrays", "pdf_page_tree", "png_wide", "jpeg_scans", "pdf_xref_loop", "pdf_many_pages"]
# What starting a process varies by on two busy processors.
SLACK = 1.0

with tempfile.TemporaryDirectory() as folder:
    os.mkdir(f"{folder}/tmp")
    environment = {"PATH": os.environ["PATH"], "HOME": folder, "TMPDIR": f"{folder}/tmp", "XDG_CONFIG_HOME": "/nonexistent", "NO_COLOR": "1"}
    bombs = []
    for kind in BOMBS:
        bombs.append(f"{folder}/{kind}.{suffix(kind)}")
        with open(bombs[-1], "wb") as file: file.write(KINDS[kind]())
    goods = [sample("invoice.pdf")]
    if SHARED:
        names = sorted(name for name in os.listdir(f"{SHARED}/data/pdf") if os.path.getsize(f"{SHARED}/data/pdf/{name}") < 200_000 and "encr" not in name)
        goods += [f"{SHARED}/data/pdf/{name}" for name in names[:7]]

    def inspect(path):
        return run([QDOC, "inspect", path, "--json", "--save-images", f"{folder}/{threading.get_ident()}", "--force"], environment, 90, f"{folder}/errors-{threading.get_ident()}")

    # Two good ones at a time is what each is held against: the machine has two processors.
    solo = {path: min(inspect(path).wall for _ in range(2)) for path in goods}
    work = queue.Queue()
    mix = [bombs[n % len(bombs)] if n % 5 == 4 else goods[n % len(goods)] for n in range(FILES)]
    random.Random(7).shuffle(mix)
    for path in mix: work.put(path)
    late, left, slowdowns, ends = [], [], [], {}

    def serve():
        while True:
            try: path = work.get_nowait()
            except queue.Empty: return
            usage = inspect(path)
            ends[usage.status] = ends.get(usage.status, 0) + 1
            left.extend(usage.left)
            if path in solo:
                slowdowns.append(usage.wall / solo[path])
                if usage.wall > 3 * solo[path] + SLACK: late.append(f"{os.path.basename(path)}: {usage.wall:.1f} s, alone {solo[path]:.1f} s")

    threads = [threading.Thread(target=serve) for _ in range(WORKERS)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    check(not late, f"good files were held up: {late}")
    check(not left, f"processes were left behind: {left}")
    check(set(ends) <= {0, 1, 3}, f"ended with {ends}")
    check(not os.listdir(f"{folder}/tmp"), f"files were left behind: {os.listdir(f'{folder}/tmp')}")

    # kill -9 in the middle of a bomb.
    longest = 0
    for number in range(KILLS):
        process = subprocess.Popen([QDOC, "inspect", bombs[1], "--json"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, cwd="/")
        until = time.monotonic() + 20
        # The fork server and a worker.
        while len(found := children(process.pid)) < 3 and time.monotonic() < until: time.sleep(0.01)
        check(len(found) >= 3, f"only {len(found)} processes came up")
        process.send_signal(signal.SIGKILL)
        begun = time.monotonic()
        process.wait()
        while any(alive(pid) for pid in found) and time.monotonic() < begun + 5: time.sleep(0.005)
        took = time.monotonic() - begun
        longest = max(longest, took)
        check(took <= 2, f"after a kill the children lived on for {took:.1f} s")
    check(not os.listdir(f"{folder}/tmp"), f"a kill left files behind: {os.listdir(f'{folder}/tmp')}")
finish(f"{FILES} files ended {ends}; good ones {statistics.median(slowdowns):.2f} times as long as alone, at most {max(slowdowns):.2f}; children outlived a kill by {longest * 1000:.0f} ms")
