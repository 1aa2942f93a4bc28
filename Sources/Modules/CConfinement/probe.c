#define _GNU_SOURCE
#include "CConfinement.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// Each does one forbidden thing and tells whether it came off.
static int opens(const char *path, int flags) { return open(path, flags, 0600) >= 0; }
static int read_password_file(void) { return opens("/etc/passwd", O_RDONLY); }
static int read_shadow_file(void) { return opens("/etc/shadow", O_RDONLY); }
static int read_process_memory(void) { return opens("/proc/1/environ", O_RDONLY) || opens("/proc/self/mem", O_RDONLY); }
static int read_device(void) { return opens("/dev/mem", O_RDONLY) || opens("/dev/tty", O_RDONLY); }
static int write_file(void) { return opens("/tmp/qdoc-probe", O_WRONLY | O_CREAT); }
static int write_shared_memory(void) { return opens("/dev/shm/qdoc-probe", O_RDWR | O_CREAT); }
static int truncate_file(void) { return truncate("/etc/passwd", 1 << 30) == 0 || errno == EFBIG; }
static int unlink_file(void) { return unlink("/tmp/qdoc-probe-absent") == 0 || errno == ENOENT; }
static int link_file(void) { return symlink("/etc/passwd", "/tmp/qdoc-probe-link") == 0; }
static int socket_tcp(void) { return socket(AF_INET, SOCK_STREAM, 0) >= 0; }
static int socket_udp(void) { return socket(AF_INET6, SOCK_DGRAM, 0) >= 0; }
static int socket_unix(void) { return socket(AF_UNIX, SOCK_STREAM, 0) >= 0; }
static int socket_netlink(void) { return socket(AF_NETLINK, SOCK_RAW, 0) >= 0; }
static int exec_program(void) {
    char *const arguments[] = {"/bin/true", NULL};
    char *const environment[] = {NULL};
    execve("/bin/true", arguments, environment);
    return 0;  // an exec that comes off ends this process with status 0: see below
}
static int fork_process(void) { return fork() >= 0; }
static int clone_thread(void) { return syscall(SYS_clone, CLONE_VM | CLONE_FS | CLONE_FILES | SIGCHLD, 0, 0, 0, 0) >= 0; }
static int signal_parent(void) { return kill(getppid(), 0) == 0; }
static int trace_parent(void) { return ptrace(PTRACE_ATTACH, getppid(), 0, 0) == 0; }
static int read_parent(void) {
    char byte;
    struct iovec here = {&byte, 1}, there = {&byte, 1};
    return process_vm_readv(getppid(), &here, 1, &there, 1, 0) >= 0;
}
static int read_home(void) { return opens("/root", O_RDONLY | O_DIRECTORY) || opens("/home", O_RDONLY | O_DIRECTORY); }
// Whoever is listening there: to be told so is to have got through.
static int reaches(int kind, const struct sockaddr *address, socklen_t size) {
    int end = socket(address->sa_family, kind | SOCK_CLOEXEC, 0);
    return end >= 0 && (connect(end, address, size) == 0 || errno == ECONNREFUSED) && (kind == SOCK_STREAM || send(end, "a", 1, 0) == 1);
}
static int connect_loopback(int kind) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    return reaches(kind, (const struct sockaddr *)&address, sizeof address);
}
static int connect_tcp(void) { return connect_loopback(SOCK_STREAM); }
static int connect_udp(void) { return connect_loopback(SOCK_DGRAM); }
// A socket of the process that probes, listening since before the child was made.
static struct sockaddr_un abstract = {.sun_family = AF_UNIX};
static int listener = -1;
static void listen_abstract(void) {
    if (listener >= 0) return;
    snprintf(abstract.sun_path + 1, sizeof abstract.sun_path - 1, "qdoc-probe-%d", (int)getpid());
    listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener, (const struct sockaddr *)&abstract, sizeof abstract) == 0) listen(listener, 64);
}
static int connect_abstract(void) {
    int end = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return end >= 0 && connect(end, (const struct sockaddr *)&abstract, sizeof abstract) == 0;
}
// That this is no terminal only says that nobody forbade it.
static int type_into_terminal(void) { return ioctl(0, TIOCSTI, "a") == 0 || errno == ENOTTY; }
static int share_memory(void) { return shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600) >= 0; }
static int make_device(void) { return mknod("/tmp/qdoc-probe-null", S_IFCHR | 0666, makedev(1, 3)) == 0; }
static int handle_faults(void) { return syscall(SYS_userfaultfd, 0) >= 0; }
static int take_descriptor(void) {
    int parent = (int)syscall(SYS_pidfd_open, getppid(), 0);
    return parent >= 0 && syscall(438 /* pidfd_getfd */, parent, 0, 0) >= 0;
}
static int watch_events(void) {
    char attributes[128] = {0};
    return syscall(SYS_perf_event_open, attributes, 0, -1, -1, 0) >= 0;
}
static int set_clock(void) {
    struct timespec now;
    return clock_gettime(CLOCK_REALTIME, &now) == 0 && clock_settime(CLOCK_REALTIME, &now) == 0;
}
static int mount_folder(void) { return mount("none", "/tmp", "tmpfs", 0, NULL) == 0; }
static int new_namespace(void) { return unshare(CLONE_NEWUSER) == 0; }
static int set_user(void) { return setuid(0) == 0; }
static int change_root(void) { return chroot("/usr/share") == 0; }
static int open_ring(void) {
    char parameters[256] = {0};
    return syscall(425 /* io_uring_setup */, 4, parameters) >= 0;
}
static int load_bpf(void) { return syscall(SYS_bpf, 0, NULL, 0) >= 0 || errno == EINVAL || errno == EFAULT; }
static int use_keys(void) { return syscall(SYS_keyctl, 0, -3, 0) >= 0; }
static int execute_memory(void) {
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page != MAP_FAILED && mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0;
}
static int raise_limits(void) {
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    return setrlimit(RLIMIT_AS, &limit) == 0;
}
static int make_memory_file(void) { return syscall(SYS_memfd_create, "probe", 0) >= 0; }
static int take_memory(void) {
    void *memory = mmap(NULL, 3ULL << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory != MAP_FAILED;
}

static const struct {
    const char *name;
    int (*run)(void);
} probes[] = {
    {"read /etc/passwd", read_password_file},
    {"read /etc/shadow", read_shadow_file},
    {"read another process", read_process_memory},
    {"read a device", read_device},
    {"write a file", write_file},
    {"write shared memory", write_shared_memory},
    {"truncate a file", truncate_file},
    {"unlink a file", unlink_file},
    {"link a file", link_file},
    {"open a TCP socket", socket_tcp},
    {"open a UDP socket", socket_udp},
    {"open a Unix socket", socket_unix},
    {"open a netlink socket", socket_netlink},
    {"run a program", exec_program},
    {"fork", fork_process},
    {"clone", clone_thread},
    {"signal the parent", signal_parent},
    {"trace the parent", trace_parent},
    {"read the parent's memory", read_parent},
    {"mount", mount_folder},
    {"make a namespace", new_namespace},
    {"change the user", set_user},
    {"change the root", change_root},
    {"open io_uring", open_ring},
    {"load BPF", load_bpf},
    {"use the keyring", use_keys},
    {"make memory executable", execute_memory},
    {"raise its limits", raise_limits},
    {"make a memory file", make_memory_file},
    {"take 3 GiB of memory", take_memory},
    {"read the home folder", read_home},
    {"connect by TCP", connect_tcp},
    {"connect by UDP", connect_udp},
    {"connect to an abstract socket", connect_abstract},
    {"type into the terminal", type_into_terminal},
    {"share memory of System V", share_memory},
    {"make a device", make_device},
    {"handle page faults", handle_faults},
    {"take the parent's descriptor", take_descriptor},
    {"watch kernel events", watch_events},
    {"set the clock", set_clock},
};

enum { PROBES = sizeof probes / sizeof *probes, STOPPED = 17, NOT_CONFINED = 18 };

const char *qdoc_probe_name(int probe) { return probe >= 0 && probe < PROBES ? probes[probe].name : NULL; }

static int run_confined(int (*run)(void), int (*confine)(int), int layers, int *signal) {
    pid_t pid = fork();
    if (pid < 0) return -1;
    if (pid == 0) {
        if (confine(layers) != 0) _exit(NOT_CONFINED);
        _exit(run() ? 0 : STOPPED);
    }
    int status = 0;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return -1;
    *signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return WEXITSTATUS(status);
}

int qdoc_probe(int probe, int (*confine)(int), int layers) {
    if (!qdoc_probe_name(probe)) return -1;
    listen_abstract();
    int signal = 0;
    int status = run_confined(probes[probe].run, confine, layers, &signal);
    if (signal) return signal == SIGSYS || signal == SIGXFSZ ? 1 : -1;
    if (status < 0 || status == NOT_CONFINED) return -1;
    return status == STOPPED;
}

static int work(void) {
    int folder = open("/usr/lib", O_RDONLY | O_DIRECTORY);
    char *memory = mmap(NULL, 64 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (folder < 0 || memory == MAP_FAILED) return 0;
    memset(memory, 1, 64 << 20);
    return close(folder) == 0 && munmap(memory, 64 << 20) == 0;
}

int qdoc_probe_work(int (*confine)(int), int layers) {
    int signal = 0;
    return run_confined(work, confine, layers, &signal) == 0 && !signal;
}
