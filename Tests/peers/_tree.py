"""Runs the program and watches its whole tree of processes: wall and processor time, memory, files that have no name any more."""
import os, signal, subprocess, time


class Usage:
    wall = cpu = memory = disk = 0
    status = None
    left = ()


def children(pid):
    """A process and all that descend from it, by their threads' own lists."""
    found = [pid]
    for parent in found:
        try:
            for thread in os.listdir(f"/proc/{parent}/task"):
                with open(f"/proc/{parent}/task/{thread}/children") as listed:
                    found += [int(child) for child in listed.read().split()]
        except OSError:
            pass
    return found


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as status:
            return status.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def resident(pid):
    """Bytes that are a process's own, and those of memory files it maps: what it shares of programs and sources is not counted."""
    try:
        with open(f"/proc/{pid}/status") as status:
            return sum(int(line.split()[1]) << 10 for line in status if line.startswith(("RssAnon", "RssShmem")))
    except OSError:
        return 0


def unnamed(pids):
    """Bytes of deleted files that the processes hold, each once; memory files are memory."""
    files = {}
    for pid in pids:
        try:
            for number in os.listdir(f"/proc/{pid}/fd"):
                name = os.readlink(f"/proc/{pid}/fd/{number}")
                if name.endswith("(deleted)") and not name.startswith("/memfd:"):
                    found = os.stat(f"/proc/{pid}/fd/{number}")
                    files[found.st_ino] = found.st_blocks * 512
        except OSError:
            pass
    return sum(files.values())


def run(command, environment, limit, output):
    """Runs a command to its end, or kills it at `limit` seconds (then the status is None)."""
    usage = Usage()
    begun = time.monotonic()
    with open(output, "wb") as errors:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors, env=environment, cwd="/")
    seen = set()
    while True:
        pid, status, spent = os.wait4(process.pid, os.WNOHANG)
        usage.wall = time.monotonic() - begun
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            usage.status = process.returncode
            break
        pids = children(process.pid)
        seen.update(pids)
        usage.memory = max(usage.memory, sum(resident(pid) for pid in pids))
        usage.disk = max(usage.disk, unnamed(pids))
        if usage.wall > limit:
            process.send_signal(signal.SIGKILL)
            _, _, spent = os.wait4(process.pid, 0)
            process.returncode = -9
            break
        # How finely memory is seen; not a wait for anything.
        time.sleep(0.02)
    # The program's own, and of every child that it and the fork server have waited for.
    usage.cpu = spent.ru_utime + spent.ru_stime
    until = time.monotonic() + 2
    while time.monotonic() < until and any(alive(pid) for pid in seen): time.sleep(0.01)
    usage.left = [pid for pid in seen if alive(pid)]
    return usage
