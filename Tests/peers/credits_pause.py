"""Credits that run out in the middle of a batch pause it: nothing is marked failed, and all is done after a top-up."""
import glob, json, os, shutil, subprocess, tempfile
from _emulator import KEYS, Emulator
from _qdoc import QDOC, check, finish, sample

FILES = int(os.environ.get("QDOC_BATCH", "30"))
# Of one call, by the catalogue.
PRICE = 0.004
document = sample("invoice.pdf")
with tempfile.TemporaryDirectory() as folder, Emulator(folder, credits=FILES // 3 * PRICE, credits_per_call=PRICE) as emulator:
    os.makedirs(f"{folder}/in")
    for number in range(FILES):
        # A comment after the end of the file makes each document another one.
        shutil.copy(document, f"{folder}/in/{number:03}.pdf")
        with open(f"{folder}/in/{number:03}.pdf", "ab") as file:
            file.write(b"%% %d\n" % number)
    environment = {k: v for k, v in os.environ.items() if k in ("PATH", "TMPDIR")} | KEYS | {"HOME": folder, "XDG_CONFIG_HOME": folder}
    process = subprocess.Popen(
        [QDOC, "analyze", *sorted(glob.glob(f"{folder}/in/*.pdf")), *emulator.segmind("qwen2p5-vl-32b-instruct"), "--store", f"{folder}/store.db",
         "--budget", "5", "-o", f"{folder}/out/"], env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    said = []
    for line in process.stderr:
        said.append(line)
        if "paused" in line:
            check("redits" in line, f"the reason of the pause: {line}")
            done = len(glob.glob(f"{folder}/out/*.json"))
            check(0 < done < FILES, f"{done} files were done at the pause")
            emulator.post("credits", {"credits": 100})
    status = process.wait(timeout=600)
    check(status == 0, f"ended with {status}: {said[-3:]}")
    check(any("paused" in line for line in said), "no pause was told")
    states = [json.load(open(path))["run"]["state"] for path in glob.glob(f"{folder}/out/*.json")]
    check(states.count("complete") == FILES, f"{states.count('complete')} of {FILES} complete, {states.count('failed')} failed")
    billed = emulator.billed()
    check(len(billed) == FILES, f"{len(billed)} bills for {FILES} files")
finish(f"{FILES} files, one pause, 0 failed")
