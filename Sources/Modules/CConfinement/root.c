#define _GNU_SOURCE
#include "CConfinement.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// Where the new root is put together: a folder that every system has, and that none of the folders kept stands in.
static const char place[] = "/tmp";

static int write_line(const char *path, const char *line) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return -1;
    ssize_t written = write(file, line, strlen(line));
    close(file);
    return written == (ssize_t)strlen(line) ? 0 : -1;
}

// A user without a number in this namespace can make no folder.
static int map_user(unsigned user, unsigned group) {
    char line[64];
    if (write_line("/proc/self/setgroups", "deny") != 0 && errno != ENOENT) return -1;
    snprintf(line, sizeof line, "%u %u 1", user, user);
    if (write_line("/proc/self/uid_map", line) != 0) return -1;
    snprintf(line, sizeof line, "%u %u 1", group, group);
    return write_line("/proc/self/gid_map", line);
}

static int make_folders(char *path) {
    for (char *slash = path + sizeof place; (slash = strchr(slash, '/')); *slash++ = '/') {
        *slash = 0;
        if (mkdir(path, 0755) != 0 && errno != EEXIST) return -1;
    }
    return mkdir(path, 0755) == 0 || errno == EEXIST ? 0 : -1;
}

static int bring(const char *folder) {
    struct stat found;
    if (stat(folder, &found) != 0 || !S_ISDIR(found.st_mode)) return 0;  // not installed here
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s%s", place, folder) >= (int)sizeof path || make_folders(path) != 0) return -1;
    if (mount(folder, path, NULL, MS_BIND | MS_REC, NULL) != 0) return -1;
    // Whoever may write there is nobody here; where a mount's own flags are locked it stays as it is.
    mount(NULL, path, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV, NULL);
    return 0;
}

int qdoc_enter_root(const char *const *folders, int count, unsigned user, unsigned group) {
    if (map_user(user, group) != 0 || unshare(CLONE_NEWNS) != 0) return -1;
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return -1;
    if (mount("qdoc", place, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=64k,mode=755") != 0) return -1;
    for (int i = 0; i < count; i++)
        if (bring(folders[i]) != 0) return -1;
    mount(NULL, place, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
    // The old root lands on top of the new one, and is taken off.
    if (chdir(place) != 0 || syscall(SYS_pivot_root, ".", ".") != 0 || umount2(".", MNT_DETACH) != 0) return -1;
    return chdir("/");
}
