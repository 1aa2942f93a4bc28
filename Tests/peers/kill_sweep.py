"""kill -9 at any moment: nothing is lost, nothing that was settled is paid twice, and every run ends or is held.

    kill_sweep.py                       200 kills, for the gate
    kill_sweep.py --kills 2000 --runs 3000 --each 150

The journal and the provider's own ledger are joined at the end. The same join must find fault with a client that sends again blindly:
that is planted last, by letting qdoc ask once more about each call whose end is not known.
"""
import argparse, collections, os, random, signal, sqlite3, subprocess, tempfile, threading, time
from _emulator import KEYS, Emulator
from _qdoc import QDOC, check, finish, sample

parser = argparse.ArgumentParser()
parser.add_argument("--kills", type=int, default=200)
parser.add_argument("--runs", type=int, default=300)
parser.add_argument("--each", type=int, default=5, help="kills that each state must see, by the journal's own count")
parser.add_argument("--seed", type=int, default=1)
options = parser.parse_args()

STATES = ["intent", "sent", "streaming", "settling"]
# A call of this process: what an earlier one left open does not count, nor what the other worker's does.
STATE_OF_RUN = "select 1 from call join run on run.id = call.run where call.state = ? and planned_at > ? and arguments like ? limit 1"
ENVIRONMENT = {k: v for k, v in os.environ.items() if k in ("PATH", "TMPDIR", "LANG")} | KEYS | {
    "HOME": "/nonexistent", "XDG_CONFIG_HOME": "/nonexistent"}
document = sample("invoice.pdf")


class Sweep:
    def __init__(self, folder, emulator, kills, runs, policy):
        self.folder, self.emulator, self.policy = folder, emulator, policy
        self.store = f"{folder}/store.db"
        self.kills_left, self.runs = kills, runs
        self.lock = threading.Lock()
        self.ended = collections.Counter()

    def command(self, number):
        # A seed of its own makes each run a question of its own.
        return [QDOC, "analyze", document, *self.emulator.dashscope("qwen3.5-flash"), "--seed", str(number), "--thinking", "on",
                "--store", self.store, "--on-unknown", self.policy, "--budget", "5", "--quiet", "-o", f"{self.folder}/{number}.json", "-f"]

    def start(self, number):
        return subprocess.Popen(self.command(number), env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL, start_new_session=True)

    def next_target(self, chance, reader):
        with self.lock:
            if self.kills_left <= 0:
                return None
            self.kills_left -= 1
        # Some at any moment of the whole run, the others in the state that was hit least by the journal's own count.
        if chance.random() < 0.25:
            return ("time", chance.uniform(0, 0.25))
        try:
            found = dict(reader.execute("select state, count from recovery")) if reader else {}
        except sqlite3.Error:
            found = {}
        return ("state", min(STATES, key=lambda state: (found.get(state, 0), chance.random())))

    def kill(self, process, number, target, chance, reader):
        kind, value = target
        begun = time.time_ns() // 1000 - 1
        if kind == "time":
            try:
                process.wait(timeout=value)
                return
            except subprocess.TimeoutExpired:
                pass
        else:
            while process.poll() is None:
                try:
                    row = reader.execute(STATE_OF_RUN, (value, begun, f"%--seed={number}\"%")).fetchone()
                except sqlite3.Error:
                    row = None
                if row:
                    if value in ("sent", "streaming"):
                        time.sleep(chance.uniform(0, 0.02))
                    break
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def worker(self, numbers, seed):
        chance = random.Random(seed)
        reader = None
        for number in numbers:
            while True:
                target = self.next_target(chance, reader)
                process = self.start(number)
                if target:
                    if reader is None and os.path.exists(self.store):
                        reader = sqlite3.connect(f"file:{self.store}?mode=ro", uri=True, timeout=0, check_same_thread=False)
                    if reader is not None or target[0] == "time":
                        self.kill(process, number, target, chance, reader)
                status = process.wait()
                if status != -signal.SIGKILL:
                    with self.lock:
                        self.ended[status] += 1
                    break

    def run(self):
        workers = 2
        threads = [threading.Thread(target=self.worker, args=(range(n, self.runs, workers), options.seed * 100 + n)) for n in range(workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def audit(store, billed):
    """Joins the two ledgers by the digest of the body; what does not hold is told."""
    database = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    by_body = collections.Counter(line["bodySHA256"] for line in billed)
    calls = collections.defaultdict(list)
    for state, digest in database.execute("select state, request_sha256 from call where request_sha256 is not null"):
        calls[digest].append(state)
    twice = [d for d, n in by_body.items() if n > 1]
    unbooked = [d for d in by_body if not any(s in ("settled", "unknown") for s in calls.get(d, []))]
    unpaid = [d for d, states in calls.items() if "settled" in states and by_body[d] != 1]
    open_calls = database.execute("select count(*) from call where state in ('planned', 'intent', 'sent', 'streaming', 'settling')").fetchone()[0]
    running = database.execute("select count(*) from run where state = 'running'").fetchone()[0]
    held = {d for d, states in calls.items() if "unknown" in states}
    found = dict(database.execute("select state, count from recovery"))
    integrity = database.execute("pragma integrity_check").fetchone()[0]
    return dict(twice=twice, unbooked=unbooked, unpaid=unpaid, open=open_calls, running=running, held=held, found=found, integrity=integrity,
                settled=sum("settled" in s for s in calls.values()))


with tempfile.TemporaryDirectory() as folder, Emulator(folder, latency=15, rate=2000) as emulator:
    begun = time.monotonic()
    sweep = Sweep(folder, emulator, options.kills, options.runs, "hold")
    sweep.run()
    # The last process to open the store closes what the last kills left.
    subprocess.run([QDOC, "runs", "list", "--store", sweep.store], env=ENVIRONMENT, stdout=subprocess.DEVNULL)
    result = audit(sweep.store, emulator.billed())
    killed = sum(result["found"].values())
    print(f"{options.runs} runs, {options.kills - sweep.kills_left} kills in {time.monotonic() - begun:.0f} s; "
          f"calls found open by the journal's own count: {result['found']}; {result['settled']} settled, {len(result['held'])} held; "
          f"exit status {dict(sweep.ended)}")
    check(not result["twice"], f"{len(result['twice'])} questions billed twice")
    check(not result["unbooked"], f"{len(result['unbooked'])} bills that the journal knows nothing of")
    check(not result["unpaid"], f"{len(result['unpaid'])} settled calls without exactly one bill")
    check(result["open"] == 0 and result["running"] == 0, f"{result['open']} calls and {result['running']} runs left open")
    check(result["integrity"] == "ok", f"integrity: {result['integrity']}")
    check(result["settled"] + len(result["held"]) >= options.runs, f"{options.runs - result['settled'] - len(result['held'])} runs lost")
    check(set(sweep.ended) <= {0, 1, 3}, f"exit status {dict(sweep.ended)}")
    for state in STATES:
        check(result["found"].get(state, 0) >= options.each, f"{result['found'].get(state, 0)} kills in {state}, {options.each} wanted")

with tempfile.TemporaryDirectory() as folder, Emulator(folder, latency=15, rate=2000) as emulator:
    planted = Sweep(folder, emulator, 40, 30, "retry-once")
    planted.run()
    result = audit(planted.store, emulator.billed())
    check(result["twice"] or result["unpaid"], "a client that sends again blindly was not found out")
    print(f"planted: {len(result['twice'])} questions billed twice were found")
finish("nothing lost, nothing paid twice")
