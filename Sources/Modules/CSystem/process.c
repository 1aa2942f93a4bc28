#define _GNU_SOURCE
#include "qdoc_system.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// A control descriptor is moved here first: dup2 onto itself would leave it closed on exec.
enum { CONTROL = 3, SAFE_DESCRIPTOR = 64 };

pid_t qdoc_spawn_child(const char *path, const char *argument, int control) {
    static const char *const environment[] = {"LC_ALL=C.UTF-8", "TZ=UTC", "SWIFT_BACKTRACE=enable=no", NULL};
    const char *arguments[] = {path, argument, NULL};
    int moved = fcntl(control, F_DUPFD_CLOEXEC, SAFE_DESCRIPTOR);
    if (moved < 0) return -1;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, moved, CONTROL);
    posix_spawn_file_actions_addclosefrom_np(&actions, CONTROL + 1);
    pid_t pid = -1;
    int status = posix_spawn(&pid, path, &actions, &attributes, (char *const *)arguments, (char *const *)environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    close(moved);
    if (status != 0) {
        errno = status;
        return -1;
    }
    return pid;
}

pid_t qdoc_fork(void) { return fork(); }

int qdoc_close_from(int lowest) {
    if (syscall(SYS_close_range, (unsigned)lowest, ~0U, 0U) == 0) return 0;
    // Kernels before 5.9.
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -1;
    for (int fd = lowest; (rlim_t)fd < limit.rlim_cur; fd++) close(fd);
    return 0;
}

int qdoc_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0U); }

int qdoc_pidfd_kill(int pidfd) { return (int)syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0U); }

int qdoc_raise_cpu_limit(pid_t pid, int seconds) {
    clockid_t clock;
    struct timespec used;
    struct rlimit limit;
    int status = clock_getcpuclockid(pid, &clock);
    if (status != 0) {
        errno = status;
        return -1;
    }
    if (clock_gettime(clock, &used) != 0 || prlimit(pid, RLIMIT_CPU, NULL, &limit) != 0) return -1;
    limit.rlim_cur = (rlim_t)used.tv_sec + 1 + (rlim_t)seconds;
    if (limit.rlim_cur > limit.rlim_max) limit.rlim_cur = limit.rlim_max;
    return prlimit(pid, RLIMIT_CPU, &limit, NULL);
}

static int64_t now_milliseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

int qdoc_wait_readable(int fd, int milliseconds) {
    int64_t end = now_milliseconds() + milliseconds;
    for (;;) {
        struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
        int status = poll(&poll_fd, 1, milliseconds);
        if (status >= 0 || errno != EINTR) return status;
        if (milliseconds >= 0) {
            int64_t left = end - now_milliseconds();
            milliseconds = left > 0 ? (int)left : 0;
        }
    }
}

static void wake(int signal) { (void)signal; }

int qdoc_watch_children(void) {
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    struct sigaction action = {.sa_handler = wake};
    if (sigprocmask(SIG_BLOCK, &child, NULL) != 0) return -1;
    return sigaction(SIGCHLD, &action, NULL);
}

void qdoc_forget_children(void) {
    sigset_t child;
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigaction(SIGCHLD, &action, NULL);
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_UNBLOCK, &child, NULL);
}

int qdoc_wait_readable_or_child(int fd) {
    sigset_t none;
    sigemptyset(&none);
    struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
    int status = ppoll(&poll_fd, 1, NULL, &none);
    if (status < 0) return errno == EINTR ? 0 : -1;
    return 1;
}

pid_t qdoc_reap(int *status) {
    int wait_status = 0;
    pid_t pid = waitpid(-1, &wait_status, WNOHANG);
    if (pid <= 0) return 0;
    *status = WIFSIGNALED(wait_status) ? -WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
    return pid;
}

void qdoc_wait_child(pid_t pid) {
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
    }
}

int qdoc_punch(int fd, off_t count) { return fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, count); }

off_t qdoc_allocated(int fd) {
    struct stat status;
    return fstat(fd, &status) == 0 ? (off_t)status.st_blocks * 512 : -1;
}

void *qdoc_map_shared(int fd, size_t count) {
    void *memory = mmap(NULL, count, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

static char kind_of(mode_t mode) {
    if (S_ISREG(mode)) return 'f';
    if (S_ISDIR(mode)) return 'd';
    if (S_ISFIFO(mode)) return 'p';
    if (S_ISSOCK(mode)) return 's';
    if (S_ISCHR(mode) || S_ISBLK(mode)) return 'c';
    return '?';
}

int qdoc_file_kind(int fd, char *kind, off_t *size) {
    struct stat status;
    if (fstat(fd, &status) != 0) return -1;
    *kind = kind_of(status.st_mode);
    *size = status.st_size;
    return 0;
}

int qdoc_path_kind(const char *path, char *kind) {
    struct stat status;
    if (stat(path, &status) != 0) return -1;
    *kind = kind_of(status.st_mode);
    return 0;
}

int qdoc_open_waitless(const char *path) { return open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC); }
