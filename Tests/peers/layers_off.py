"""Where the system gives no sandbox nothing is read; where it gives only a part, what is left holds, and qdoc says so.

A filter of the check's own answers EPERM to the calls that a layer is made with, before qdoc is started.
"""
import ctypes, os, platform, struct, subprocess
from _qdoc import QDOC, check, finish, sample, skip

if platform.machine() != "x86_64":
    skip("the numbers of the calls are those of x86_64")
SECCOMP, PRCTL, UNSHARE, LANDLOCK, MOUNT = 317, 157, 272, 444, 165
SET_SECCOMP, SET_NO_NEW_PRIVILEGES = 22, 38
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050001


def program(calls):
    """A filter that refuses calls; prctl only where it would load another filter."""
    code = [(LOAD, 0, 0, 0)]
    for number in calls:
        if number == PRCTL: code += [(EQUAL, 0, 4, PRCTL), (LOAD, 0, 0, 16), (EQUAL, 0, 1, SET_SECCOMP), (RETURN, 0, 0, REFUSE), (RETURN, 0, 0, ALLOW)]
        else: code += [(EQUAL, 0, 1, number), (RETURN, 0, 0, REFUSE)]
    return b"".join(struct.pack("<HBBI", *line) for line in code + [(RETURN, 0, 0, ALLOW)])


def start(arguments, calls):
    code = program(calls)
    libc = ctypes.CDLL(None, use_errno=True)
    kept = ctypes.create_string_buffer(code, len(code))
    head = ctypes.create_string_buffer(struct.pack("<HxxxxxxQ", len(code) // 8, ctypes.addressof(kept)))

    def confine():
        if libc.prctl(SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or libc.prctl(SET_SECCOMP, 2, ctypes.c_void_p(ctypes.addressof(head)), 0, 0): os._exit(99)

    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "XDG_CONFIG_HOME": "/nonexistent", "NO_COLOR": "1"}
    done = subprocess.run(
        arguments, stdin=subprocess.DEVNULL, capture_output=True, env=environment, cwd="/", timeout=60, preexec_fn=confine if calls else None)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


good = sample("invoice.pdf")
status, output, _ = start([QDOC, "doctor"], [])
whole = next((line for line in output.split("\n") if "seccomp" in line), "")
check("seccomp" in whole, "this system gives no sandbox at all")

# No filter: nothing is read, unless somebody takes it upon themselves.
status, output, errors = start([QDOC, "inspect", good], [SECCOMP, PRCTL])
check(status != 0 and "sandbox" in errors, f"without seccomp qdoc inspect ended with {status}: {errors[-300:]}")
check("INVOICE" not in output.upper(), "without seccomp something of the file was read")
status, output, errors = start([QDOC, "inspect", good, "--allow-unsandboxed"], [SECCOMP, PRCTL])
check(status == 0, f"--allow-unsandboxed ended with {status}: {errors[-300:]}")

# One layer less at a time: the file is read, every attempt that the rest can stop is stopped, and the level leaves the layer out.
CHANGES = {"landlock": [LANDLOCK], "namespaces": [UNSHARE], "root": [MOUNT]}
for layer, calls in CHANGES.items():
    if layer not in whole: continue
    status, _, errors = start([QDOC, "inspect", good], calls)
    check(status == 0, f"without {layer} qdoc inspect ended with {status}: {errors[-300:]}")
    status, output, _ = start([QDOC, "doctor"], calls)
    level = next((line.split(";")[0] for line in output.split("\n") if "seccomp" in line), "")
    check(layer not in level and "seccomp" in level, f"without {layer} qdoc doctor says: {level}")
    status, output, _ = start([f"{os.path.dirname(QDOC)}/qdoc-decode", "--self-test"], calls)
    let_out = [line for line in output.split("\n") if line.startswith("succeeded")]
    check(status == 0 and not let_out, f"without {layer} the self-test ended with {status}: {let_out}")
finish(whole.strip())
