#!/usr/bin/env python3
"""Peak memory of a command with all its descendants.

  memory.py [--interval MS] -- .build/release/qdoc analyze FILE -o /dev/null --format json

Looks every 10 ms and sums the PSS of every process of the tree (a page that two share counts once), and the bytes of memory files that a process
holds and nobody maps, which are in no process's PSS. Prints the highest sum with its parts, wall time and CPU.
"""
import argparse, os, re, subprocess, sys, time


def tree(pid):
    found, queue = [], [pid]
    while queue:
        pid = queue.pop()
        found.append(pid)
        try:
            for task in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{task}/children") as file:
                    queue += [int(child) for child in file.read().split()]
        except OSError:
            pass
    return found


def pss(pid):
    try:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            return int(re.search(r"^Pss:\s+(\d+) kB", file.read(), re.M)[1]) << 10
    except (OSError, TypeError):
        return 0


def memory_files(pids):
    """Bytes of the memory files that are open in the tree and mapped in none of it, each once."""
    held, mapped = {}, set()
    for pid in pids:
        try:
            with open(f"/proc/{pid}/maps") as file:
                mapped |= {line.split()[4] for line in file if "/memfd:" in line}
            for number in os.listdir(f"/proc/{pid}/fd"):
                path = f"/proc/{pid}/fd/{number}"
                if os.readlink(path).startswith("/memfd:"):
                    status = os.stat(path)
                    held[str(status.st_ino)] = status.st_blocks * 512
        except OSError:
            pass
    return sum(size for inode, size in held.items() if inode not in mapped)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--interval", type=float, default=10, help="milliseconds between two looks")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    begun = time.monotonic()
    process = subprocess.Popen(options.command, stdin=subprocess.DEVNULL)
    peak, parts, looks = 0, [], 0
    while True:
        pids = tree(process.pid)
        sizes = [(pss(pid), pid) for pid in pids]
        files = memory_files(pids)
        total = sum(size for size, _ in sizes) + files
        looks += 1
        if total > peak:
            peak, parts = total, [("memory files", files)] + [(f"process {pid}", size) for size, pid in sizes]
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        time.sleep(options.interval / 1000)
    for name, size in parts:
        print(f"  {size / 1e6:8.1f} MB  {name}")
    cpu = usage.ru_utime + usage.ru_stime
    print(f"peak {peak / 1e6:.1f} MB, {len(parts) - 1} processes, {looks} looks, {time.monotonic() - begun:.2f} s, {cpu:.2f} s CPU")
    sys.exit(os.waitstatus_to_exitcode(status))


main()
