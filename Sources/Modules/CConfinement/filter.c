#define _GNU_SOURCE
#include "CConfinement.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>

// Computing, memory, reading what is open, waiting, ending.
static const int allowed[] = {
    SCMP_SYS(read), SCMP_SYS(pread64), SCMP_SYS(readv), SCMP_SYS(preadv), SCMP_SYS(lseek), SCMP_SYS(close), SCMP_SYS(fstat),
    SCMP_SYS(newfstatat), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(statx), SCMP_SYS(fstatfs), SCMP_SYS(statfs), SCMP_SYS(access),
    SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getdents64), SCMP_SYS(fadvise64),
    SCMP_SYS(getcwd), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(brk), SCMP_SYS(mincore), SCMP_SYS(futex),
    SCMP_SYS(getrandom), SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(times),
    SCMP_SYS(getrusage), SCMP_SYS(sysinfo), SCMP_SYS(uname), SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getppid), SCMP_SYS(getuid),
    SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid), SCMP_SYS(getrlimit), SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_getparam), SCMP_SYS(sched_getscheduler), SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(recvmsg), SCMP_SYS(sendmsg),
    SCMP_SYS(recvfrom), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall), SCMP_SYS(rseq), SCMP_SYS(set_robust_list), SCMP_SYS(set_tid_address), SCMP_SYS(nanosleep),
    SCMP_SYS(clock_nanosleep), SCMP_SYS(exit), SCMP_SYS(exit_group),
};

// What a library may try in good faith and can do without: told no instead of killed.
static const int refused[] = {
    SCMP_SYS(writev), SCMP_SYS(pwrite64), SCMP_SYS(socket), SCMP_SYS(connect), SCMP_SYS(sendto), SCMP_SYS(execve),
    SCMP_SYS(execveat), SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(ioctl), SCMP_SYS(unlink), SCMP_SYS(unlinkat),
    SCMP_SYS(mkdir), SCMP_SYS(mkdirat), SCMP_SYS(creat), SCMP_SYS(chmod), SCMP_SYS(fchmod), SCMP_SYS(utimensat), SCMP_SYS(rename),
    SCMP_SYS(renameat), SCMP_SYS(renameat2), SCMP_SYS(link), SCMP_SYS(symlink), SCMP_SYS(ftruncate), SCMP_SYS(truncate),
    SCMP_SYS(fallocate), SCMP_SYS(memfd_create), SCMP_SYS(pipe), SCMP_SYS(pipe2), SCMP_SYS(eventfd2), SCMP_SYS(flock),
    SCMP_SYS(mlock), SCMP_SYS(kill), SCMP_SYS(inotify_init1),
};

// A worker's filter, prepared once; a converter's is its own.
static scmp_filter_ctx filter;
// The descriptor that a worker may write to.
enum { NO_OUTPUT = -1 };
// What glibc makes a thread with (nptl, createthread); anything less would make a process.
static const uint64_t thread_flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS
    | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID;

#define COUNT(list) (sizeof(list) / sizeof *(list))

static int add_all(scmp_filter_ctx filter, uint32_t action, const int *calls, size_t count) {
    for (size_t i = 0; i < count; i++) {
        int status = seccomp_rule_add(filter, action, calls[i], 0);
        // A call that this machine's architecture never had.
        if (status != 0 && status != -EDOM) return status;
    }
    return 0;
}

// Writing and threads, where the process has an output; else both are refused.
static int add_output(scmp_filter_ctx filter, int output) {
    const uint32_t no = SCMP_ACT_ERRNO(EPERM);
    if (output == NO_OUTPUT) {
        int status = seccomp_rule_add(filter, no, SCMP_SYS(write), 0);
        return status ? status : seccomp_rule_add(filter, no, SCMP_SYS(clone), 0);
    }
    int status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, SCMP_A0(SCMP_CMP_EQ, (uint64_t)output));
    if (status == 0) status = seccomp_rule_add(filter, no, SCMP_SYS(write), 1, SCMP_A0(SCMP_CMP_NE, (uint64_t)output));
    if (status == 0) status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, SCMP_A0(SCMP_CMP_EQ, thread_flags));
    if (status == 0) status = seccomp_rule_add(filter, no, SCMP_SYS(clone), 1, SCMP_A0(SCMP_CMP_NE, thread_flags));
    if (status == 0) status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1, SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME));
    return status;
}

static int add_rules(scmp_filter_ctx filter, int output) {
    const uint32_t no = SCMP_ACT_ERRNO(EPERM);
    const uint64_t writing = O_ACCMODE | O_CREAT | O_TRUNC;
    int status = add_all(filter, SCMP_ACT_ALLOW, allowed, COUNT(allowed));
    if (status == 0) status = add_all(filter, no, refused, COUNT(refused));
    if (status == 0) status = add_output(filter, output);
    // Calls that the C library replaces by older ones when they are missing.
    const int absent[] = {SCMP_SYS(clone3), SCMP_SYS(openat2)};
    if (status == 0) status = add_all(filter, SCMP_ACT_ERRNO(ENOSYS), absent, COUNT(absent));
    // Files are opened for reading only.
#ifdef __NR_open
    if (status == 0) status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(open), 1, SCMP_A1(SCMP_CMP_MASKED_EQ, writing, 0));
    for (uint64_t bit = 1; status == 0 && bit <= writing; bit <<= 1)
        if (writing & bit) status = seccomp_rule_add(filter, no, SCMP_SYS(open), 1, SCMP_A1(SCMP_CMP_MASKED_EQ, bit, bit));
#endif
    if (status == 0) status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, writing, 0));
    for (uint64_t bit = 1; status == 0 && bit <= writing; bit <<= 1)
        if (writing & bit) status = seccomp_rule_add(filter, no, SCMP_SYS(openat), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, bit, bit));
    // Memory is never made both new and executable by mprotect; a file of code may be mapped (converters of the C library).
    if (status == 0) status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 0);
    if (status == 0)
        status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    // Descriptors may be looked at, not passed on to others.
    const int looks[] = {F_GETFL, F_GETFD, F_SETFD, F_DUPFD_CLOEXEC};
    for (size_t i = 0; status == 0 && i < COUNT(looks); i++)
        status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1, SCMP_A1(SCMP_CMP_EQ, (uint64_t)looks[i]));
    // abort() raises its signal on itself.
    if (status == 0) status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, SCMP_A2(SCMP_CMP_EQ, SIGABRT));
    // Limits may be read, not set.
    if (status == 0) status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, SCMP_A2(SCMP_CMP_EQ, 0));
    return status;
}

static scmp_filter_ctx make_filter(int output) {
    scmp_filter_ctx made = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (!made) {
        errno = ENOMEM;
        return NULL;
    }
    int status = seccomp_attr_set(made, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    if (status == 0) status = seccomp_attr_set(made, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    if (status == 0) status = add_rules(made, output);
    if (status == 0) return made;
    seccomp_release(made);
    errno = -status;
    return NULL;
}

int qdoc_prepare_filter(void) {
    if (!filter) filter = make_filter(NO_OUTPUT);
    return filter ? 0 : -1;
}

int qdoc_load_converter_filter(int output) {
    scmp_filter_ctx made = make_filter(output);
    if (!made) return -1;
    int status = seccomp_load(made);
    seccomp_release(made);
    if (status == 0) return 0;
    errno = -status;
    return -1;
}

int qdoc_load_filter(void) {
    if (qdoc_prepare_filter() != 0) return -1;
    int status = seccomp_load(filter);
    if (status == 0) return 0;
    errno = -status;
    return -1;
}
