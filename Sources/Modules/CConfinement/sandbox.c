#define _GNU_SOURCE
#include "sandbox.h"
#include "CConfinement.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/mount.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// The user "nobody" of Debian: owns nothing.
enum { NOBODY = 65534 };
// The folder that the new root is mounted over; every system has it.
#define BASE "/tmp"
// 512 MiB hold the largest document that is taken (below), its PDF, and LibreOffice's own files.
#define WORK_OPTIONS "size=512m,nr_inodes=65536,mode=0700,uid=65534,gid=65534"

// What LibreOffice reads of the system; those that are not there are left out.
static const char *const folders[] = {"/usr", "/bin", "/lib", "/lib64", "/etc/fonts", "/etc/libreoffice", "/var/cache/fontconfig"};
static const char *const files[] = {"/etc/ld.so.cache", "/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"};

static int write_text(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return -1;
    ssize_t length = (ssize_t)strlen(text);
    int status = write(file, text, (size_t)length) == length ? 0 : -1;
    close(file);
    return status;
}

// Inside a user namespace this process is "nobody" too; outside it stays who it was.
static int map_user(uid_t user, gid_t group) {
    char map[64];
    if (write_text("/proc/self/setgroups", "deny") != 0) return -1;
    snprintf(map, sizeof map, "%d %u 1", NOBODY, (unsigned)user);
    if (write_text("/proc/self/uid_map", map) != 0) return -1;
    snprintf(map, sizeof map, "%d %u 1", NOBODY, (unsigned)group);
    return write_text("/proc/self/gid_map", map);
}

static int make_folders(const char *path) {
    char part[256];
    size_t length = strlen(path);
    if (length >= sizeof part) return -1;
    memcpy(part, path, length + 1);
    for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        if (mkdir(part, 0755) != 0 && errno != EEXIST) return -1;
        *slash = '/';
    }
    return 0;
}

// Shows one path of the system in the new root, for reading only.
static int show(const char *path) {
    char target[256], link[256];
    struct stat status;
    if (lstat(path, &status) != 0) return 0;
    snprintf(target, sizeof target, BASE "/root%s", path);
    if (make_folders(target) != 0) return -1;
    if (S_ISLNK(status.st_mode)) {
        ssize_t length = readlink(path, link, sizeof link - 1);
        if (length < 0) return -1;
        link[length] = 0;
        return symlink(link, target);
    }
    if (S_ISDIR(status.st_mode) ? mkdir(target, 0755) : mknod(target, S_IFREG | 0644, 0)) return -1;
    if (mount(path, target, NULL, MS_BIND | MS_REC, NULL) != 0) return -1;
    struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID};
    if (!S_ISCHR(status.st_mode)) attributes.attr_set |= MOUNT_ATTR_NODEV;
    return (int)syscall(SYS_mount_setattr, AT_FDCWD, target, AT_RECURSIVE, &attributes, sizeof attributes);
}

static int build_root(void) {
    const unsigned long plain = MS_NOSUID | MS_NODEV | MS_NOEXEC;
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return -1;
    // One mount more, so that the new root has its parent: what pivot_root asks for.
    if (mount("base", BASE, "tmpfs", plain, "size=64k,mode=0755") != 0 || mkdir(BASE "/root", 0755) != 0) return -1;
    // Shown before the system is: a tmpfs over the old /tmp hides what lies there, and /usr does not.
    if (mount("root", BASE "/root", "tmpfs", MS_NOSUID | MS_NODEV, "size=256k,mode=0755") != 0) return -1;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (show(folders[i]) != 0) return -1;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (show(files[i]) != 0) return -1;
    // LibreOffice keeps a socket in /tmp, whatever its environment says.
    if (mkdir(BASE "/root" SANDBOX_WORK, 0755) != 0 || symlink("." SANDBOX_WORK "/tmp", BASE "/root/tmp") != 0) return -1;
    if (mount("work", BASE "/root" SANDBOX_WORK, "tmpfs", plain, WORK_OPTIONS) != 0) return -1;
    if (chdir(BASE "/root") != 0 || syscall(SYS_pivot_root, ".", ".") != 0 || umount2(".", MNT_DETACH) != 0) return -1;
    if (mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV, NULL) != 0) return -1;
    return chdir(SANDBOX_WORK);
}

static int start_first(int sandboxed, int (*body)(void *), void *context, uid_t user, gid_t group) {
    // Dies with the process that started it, and with it everything in its namespace of processes.
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return SANDBOX_FAILED;
    if (!sandboxed) {
        setpgid(0, 0);
        prctl(PR_SET_CHILD_SUBREAPER, 1);
        return body(context);
    }
    if (user != 0 && map_user(user, group) != 0) return SANDBOX_FAILED;
    umask(0);
    if (build_root() != 0) return SANDBOX_FAILED;
    umask(077);
    return body(context);
}

pid_t sandbox_start(int sandboxed, int (*body)(void *), void *context) {
    uid_t user = geteuid();
    gid_t group = getegid();
    unsigned long flags = SIGCHLD;
    if (sandboxed) flags |= CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS;
    // Root makes them in its own right and becomes nobody for good; limits on processes count for nobody, not for root.
    if (sandboxed && user != 0) flags |= CLONE_NEWUSER;
    pid_t pid = (pid_t)syscall(SYS_clone, flags, 0, 0, 0, 0);
    if (pid == 0) _exit(start_first(sandboxed, body, context, user, group));
    return pid;
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

int sandbox_wait(pid_t pid, int sandboxed, int control, int milliseconds) {
    int pidfd = (int)syscall(SYS_pidfd_open, pid, 0U);
    int64_t end = now() + milliseconds;
    int reason = 0;
    for (;;) {
        struct pollfd polled[2] = {{.fd = pidfd, .events = POLLIN}, {.fd = control, .events = POLLIN}};
        int64_t left = end - now();
        int count = pidfd < 0 ? 0 : poll(polled, 2, left > 0 ? (int)left : 0);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) reason = -1;
        if (count > 0 && !polled[0].revents && polled[1].revents) reason = -2;
        break;
    }
    if (pidfd >= 0) close(pidfd);
    if (reason) kill(pid, SIGKILL);
    // Without a namespace of processes its group is all there is to hold them together.
    if (!sandboxed) kill(-pid, SIGKILL);
    int status = 0;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return -3;
    if (reason) return reason;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -3;
}

static int limit(int resource, rlim_t value) {
    struct rlimit limits;
    if (getrlimit(resource, &limits) != 0) return -1;
    if (value > limits.rlim_max) value = limits.rlim_max;
    limits.rlim_cur = limits.rlim_max = value;
    return setrlimit(resource, &limits);
}

static int drop_capabilities(void) {
    for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++)
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) return -1;
    return 0;
}

static int clear_capabilities(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[2] = {{0}};
    return (int)syscall(SYS_capset, &header, none);
}

int sandbox_drop_rights(int sandboxed) {
    if (syscall(SYS_close_range, 3U, ~0U, 0U) != 0) return -1;
    // A file as large as the work folder is bounded by it; without one this is what bounds it. LibreOffice has some 30 threads.
    // 3 GiB of private memory: the largest sheets at hand take 0.9.
    if (limit(RLIMIT_CORE, 0) || limit(RLIMIT_FSIZE, 256 << 20) || limit(RLIMIT_CPU, 60) || limit(RLIMIT_NOFILE, 1024)
        || limit(RLIMIT_MEMLOCK, 0) || limit(RLIMIT_MSGQUEUE, 0) || limit(RLIMIT_DATA, 3ULL << 30))
        return -1;
    if (sandboxed) {
        if (setsid() < 0 || drop_capabilities() != 0) return -1;
        if (getuid() == 0 && (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) || setresuid(NOBODY, NOBODY, NOBODY))) return -1;
        if (clear_capabilities() != 0 || limit(RLIMIT_NPROC, 256) != 0) return -1;
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    return sandbox_load_filter();
}
