"""Every library that the built programs load comes from a package of scripts/packages/*runtime.txt or from one that those depend on."""
import glob, os, re, shutil, subprocess
from _qdoc import QDOC, ROOT, check, finish, skip

if not shutil.which("dpkg-query"):
    skip("this is not Debian")


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout



def listed(name):
    with open(f"{ROOT}/scripts/packages/{name}.txt") as file:
        return {line.strip() for line in file if line.strip() and not line.startswith("#")}


# What is installed with them: their dependencies, the dependencies of those, and what every Debian has.
fields = output("dpkg-query", "-W", "-f", "${Package}\t${Pre-Depends}, ${Depends}\t${Provides}\t${Essential}\t${Priority}\n")
needs, essential = {}, set()
for line in fields.splitlines():
    name, depends, provides, must, priority = line.split("\t")
    needs[name] = set(re.findall(r"(?:^|[,|])\s*([a-z0-9][a-z0-9+.-]+)", depends))
    if must == "yes" or priority == "required":
        essential.add(name)


def reached(packages):
    found, queue = set(), list(packages)
    while queue:
        name = queue.pop()
        if name not in found:
            found.add(name)
            queue += needs.get(name, ())
    return found


always = listed("runtime") | essential
programs = {QDOC: always, os.path.join(os.path.dirname(QDOC), "qdoc-decode"): always}
# Optional parts bring their own.
for path in glob.glob(f"{ROOT}/scripts/packages/*-runtime.txt"):
    name = os.path.basename(path).removesuffix(".txt")
    program = os.path.join(os.path.dirname(QDOC), f"qdoc-{name.removesuffix('-runtime')}")
    if os.path.exists(program):
        programs[program] = always | listed(name)

libraries = 0
for program, packages in programs.items():
    installed = reached(packages)
    for path in re.findall(r"(?:=> )?(/\S+) \(0x", output("ldd", program)):
        owner = ""
        # Debian merged /lib into /usr/lib; packages still name the old path.
        for name in {path, os.path.realpath(path), path.removeprefix("/usr"), os.path.realpath(path).removeprefix("/usr")}:
            found = subprocess.run(["dpkg-query", "-S", name], capture_output=True, text=True).stdout
            owner = owner or found.split(":")[0]
        libraries += 1
        check(owner in installed, f"{os.path.basename(program)} loads {path} of {owner or 'no package'}, which its list does not bring")
check(libraries > 20, f"only {libraries} libraries")
finish(f"{libraries} libraries come with the listed packages")
