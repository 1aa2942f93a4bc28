#define _GNU_SOURCE
#include "CConfinement.h"
#include "sandbox.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

// Each does one forbidden thing and tells whether it came off.
static int opens(const char *path, int flags) { return open(path, flags, 0600) >= 0; }
static int read_shadow(void) { return opens("/etc/shadow", O_RDONLY); }
static int read_passwords(void) { return opens("/etc/passwd", O_RDONLY); }
static int read_roots_home(void) { return opens("/root", O_RDONLY | O_DIRECTORY); }
static int read_homes(void) { return opens("/home", O_RDONLY | O_DIRECTORY); }
static int read_processes(void) { return opens("/proc/self/environ", O_RDONLY) || opens("/proc/1/environ", O_RDONLY); }
static int read_kernel(void) { return opens("/sys/kernel", O_RDONLY) || opens("/dev/kmsg", O_RDONLY) || opens("/dev/mem", O_RDONLY); }
static int write_root(void) { return opens("/probe", O_WRONLY | O_CREAT); }
static int write_system(void) { return opens("/usr/probe", O_WRONLY | O_CREAT) || opens("/etc/fonts/probe", O_WRONLY | O_CREAT); }
static int write_temporary(void) { return opens("/var/tmp/probe", O_WRONLY | O_CREAT) || opens("/run/probe", O_WRONLY | O_CREAT); }
static int write_shared_memory(void) { return opens("/dev/shm/probe", O_RDWR | O_CREAT); }
static int write_device(void) { return mknod(SANDBOX_WORK "/disk", S_IFBLK | 0600, 8 << 8) == 0; }

static int fill_work(void) {
    static const char zeros[1 << 20];
    // Three files of 256 MiB would be more than the folder may hold.
    const char *names[] = {SANDBOX_WORK "/a", SANDBOX_WORK "/b", SANDBOX_WORK "/c"};
    signal(SIGXFSZ, SIG_IGN);
    for (int i = 0; i < 3; i++) {
        int file = open(names[i], O_WRONLY | O_CREAT, 0600);
        if (file < 0) return 0;
        for (int count = 0; count < 256; count++)
            if (write(file, zeros, sizeof zeros) != (ssize_t)sizeof zeros) return 0;
        close(file);
    }
    return 1;
}

static int connects(const char *address, int type) {
    int socket_fd = socket(AF_INET, type, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(53)};
    inet_pton(AF_INET, address, &to.sin_addr);
    return socket_fd >= 0 && (connect(socket_fd, (struct sockaddr *)&to, sizeof to) == 0 || errno == ECONNREFUSED);
}
static int connect_out(void) { return connects("192.0.2.1", SOCK_DGRAM) || connects("192.0.2.1", SOCK_STREAM); }
static int connect_loopback(void) { return connects("127.0.0.1", SOCK_STREAM) || connects("127.0.0.1", SOCK_DGRAM); }
static int open_netlink(void) { return socket(AF_NETLINK, SOCK_RAW, 0) >= 0; }

static int connect_service(void) {
    static const char *const paths[] = {"/run/systemd/journal/socket", "/run/dbus/system_bus_socket", "/var/run/docker.sock", "/dev/log"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct sockaddr_un to = {.sun_family = AF_UNIX};
        strcpy(to.sun_path, paths[i]);
        int socket_fd = socket(AF_UNIX, SOCK_STREAM, 0);
        if (socket_fd < 0) return 0;
        if (connect(socket_fd, (struct sockaddr *)&to, sizeof to) == 0 || errno != ENOENT) return 1;
        close(socket_fd);
    }
    return 0;
}

static int fork_bomb(void) {
    for (int count = 0; count < 4096; count++) {
        pid_t pid = fork();
        if (pid < 0) return 0;
        if (pid == 0) {
            pause();
            _exit(0);
        }
    }
    return 1;
}


static int signal_first(void) { return kill(1, SIGKILL) == 0 && kill(1, 0) != 0; }
static int trace_first(void) { return ptrace(PTRACE_ATTACH, 1, 0, 0) == 0; }
static int mount_folder(void) { return mount("none", SANDBOX_WORK, "tmpfs", 0, NULL) == 0; }
static int remount_root(void) { return mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND, NULL) == 0; }
static int new_namespace(void) { return unshare(CLONE_NEWUSER) == 0 || syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0) >= 0; }
static int become_root(void) { return setuid(0) == 0; }
static int change_root(void) { return chroot(SANDBOX_WORK) == 0; }
static int open_ring(void) {
    char parameters[256] = {0};
    return syscall(SYS_io_uring_setup, 4, parameters) >= 0;
}
static int load_bpf(void) { return syscall(SYS_bpf, 0, NULL, 0) >= 0 || errno == EINVAL || errno == EFAULT; }
static int use_keys(void) { return syscall(SYS_keyctl, 0, -3, 0) >= 0; }
static int raise_limits(void) {
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    return setrlimit(RLIMIT_NPROC, &limit) == 0 || setrlimit(RLIMIT_CPU, &limit) == 0;
}

static const struct {
    const char *name;
    int (*run)(void);
} probes[] = {
    {"read /etc/shadow", read_shadow},
    {"read /etc/passwd", read_passwords},
    {"read /root", read_roots_home},
    {"read /home", read_homes},
    {"read another process", read_processes},
    {"read the kernel", read_kernel},
    {"write to the root", write_root},
    {"write to the system", write_system},
    {"write a temporary file of the system", write_temporary},
    {"write shared memory", write_shared_memory},
    {"make a device", write_device},
    {"write more than its room", fill_work},
    {"connect to another machine", connect_out},
    {"connect to this machine", connect_loopback},
    {"open a netlink socket", open_netlink},
    {"connect to a service's socket", connect_service},
    {"fork without end", fork_bomb},
    {"kill its keeper", signal_first},
    {"trace its keeper", trace_first},
    {"mount", mount_folder},
    {"make the system writable", remount_root},
    {"make a namespace", new_namespace},
    {"become root", become_root},
    {"change the root", change_root},
    {"open io_uring", open_ring},
    {"load BPF", load_bpf},
    {"use the keyring", use_keys},
    {"raise its limits", raise_limits},
};

enum { PROBES = sizeof probes / sizeof *probes, STOPPED = 17, SUCCEEDED = 18, WALL = 20000 };

const char *qdoc_office_probe_name(int probe) { return probe >= 0 && probe < PROBES ? probes[probe].name : NULL; }

static int run_probe(void *context) {
    int (*run)(void) = ((int (**)(void))context)[0];
    pid_t pid = fork();
    if (pid < 0) return SANDBOX_FAILED;
    if (pid == 0) {
        if (sandbox_drop_rights(1) != 0) _exit(SANDBOX_FAILED);
        _exit(run() ? SUCCEEDED : STOPPED);
    }
    int status = 0;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return SANDBOX_FAILED;
    return WIFEXITED(status) ? WEXITSTATUS(status) : STOPPED;
}

int qdoc_office_probe(int probe) {
    if (!qdoc_office_probe_name(probe)) return -1;
    int (*run)(void) = probes[probe].run;
    pid_t pid = sandbox_start(1, run_probe, &run);
    switch (pid < 0 ? -1 : sandbox_wait(pid, 1, -1, WALL)) {
        case STOPPED: return 1;
        case SUCCEEDED: return 0;
        default: return -1;
    }
}

// What LibreOffice must still be able to do.
static int work(void) {
    int file = open(SANDBOX_WORK "/file", O_RDWR | O_CREAT, 0600);
    int system = open("/usr/lib", O_RDONLY | O_DIRECTORY);
    int sockets = socket(AF_UNIX, SOCK_STREAM, 0);
    pid_t pid = fork();
    if (pid == 0) _exit(0);
    return file >= 0 && system >= 0 && sockets >= 0 && pid > 0 && write(file, "x", 1) == 1;
}

int qdoc_office_can_confine(void) {
    int (*run)(void) = work;
    pid_t pid = sandbox_start(1, run_probe, &run);
    return pid > 0 && sandbox_wait(pid, 1, -1, WALL) == SUCCEEDED;
}
