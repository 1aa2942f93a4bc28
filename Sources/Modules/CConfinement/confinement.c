#define _GNU_SOURCE
#include "CConfinement.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

// Kernel headers of Debian 12 know landlock ABI 2; later rights are named here (linux/landlock.h of 6.2, 6.7 and 6.12).
#define ACCESS_TRUNCATE (1ULL << 14)
#define ACCESS_IOCTL (1ULL << 15)
#define NET_BIND_TCP (1ULL << 0)
#define NET_CONNECT_TCP (1ULL << 1)
#define SCOPE_ABSTRACT_SOCKET (1ULL << 0)
#define SCOPE_SIGNAL (1ULL << 1)

struct rules {
    uint64_t files;
    uint64_t network;
    uint64_t scoped;
};

int qdoc_no_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }

static int limit(int resource, rlim_t value) {
    struct rlimit limits;
    if (getrlimit(resource, &limits) != 0) return -1;
    if (value > limits.rlim_max) value = limits.rlim_max;
    limits.rlim_cur = value;
    limits.rlim_max = value;
    return setrlimit(resource, &limits);
}

static int limit_all(uint64_t address_space, rlim_t file_size) {
    // Descriptors: the four a worker has, and a few for fonts.
    return limit(RLIMIT_CORE, 0) || limit(RLIMIT_FSIZE, file_size) || limit(RLIMIT_MEMLOCK, 0) || limit(RLIMIT_MSGQUEUE, 0)
                   || limit(RLIMIT_NOFILE, 64) || limit(RLIMIT_AS, (rlim_t)address_space)
               ? -1
               : 0;
}

// A worker's payload is mapped before, so no file need ever grow. No process of its own: held by the kernel for every user but the first.
int qdoc_limit_resources(uint64_t address_space) { return limit(RLIMIT_NPROC, 0) || limit_all(address_space, 0) ? -1 : 0; }

int qdoc_limit_converter(uint64_t address_space) { return limit(RLIMIT_CPU, 60) || limit_all(address_space, 256 << 20) ? -1 : 0; }

int qdoc_landlock_abi(void) {
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return abi > 0 ? (int)abi : 0;
}

int qdoc_restrict_files(const char *const *folders, int count) {
    int abi = qdoc_landlock_abi();
    if (abi < 1) {
        errno = EOPNOTSUPP;
        return -1;
    }
    struct rules rules = {.files = (1ULL << 13) - 1};
    if (abi >= 2) rules.files |= LANDLOCK_ACCESS_FS_REFER;
    if (abi >= 3) rules.files |= ACCESS_TRUNCATE;
    if (abi >= 5) rules.files |= ACCESS_IOCTL;
    if (abi >= 4) rules.network = NET_BIND_TCP | NET_CONNECT_TCP;
    if (abi >= 6) rules.scoped = SCOPE_ABSTRACT_SOCKET | SCOPE_SIGNAL;
    size_t size = abi >= 6 ? sizeof rules : abi >= 4 ? offsetof(struct rules, scoped) : offsetof(struct rules, network);
    int set = (int)syscall(SYS_landlock_create_ruleset, &rules, size, 0);
    if (set < 0) return -1;
    for (int i = 0; i < count; i++) {
        int folder = open(folders[i], O_PATH | O_CLOEXEC);
        if (folder < 0) continue;  // not installed here
        struct landlock_path_beneath_attr beneath = {
            .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR, .parent_fd = folder};
        int status = (int)syscall(SYS_landlock_add_rule, set, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
        close(folder);
        if (status != 0) {
            close(set);
            return -1;
        }
    }
    int status = (int)syscall(SYS_landlock_restrict_self, set, 0);
    close(set);
    return status;
}

int qdoc_drop_capabilities(void) {
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[2] = {{0}};
    return (int)syscall(SYS_capset, &head, none);
}

int qdoc_leave_namespaces(void) { return unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS); }

int qdoc_has_seccomp(void) {
    uint32_t action = SECCOMP_RET_KILL_PROCESS;
    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}
