#define _GNU_SOURCE
#include "CConfinement.h"
#include "sandbox.h"
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

// LibreOffice ends with this status when it has set its profile up and wants to be started again (desktop/source/app/officeipcthread,
// EXITHELPER_NORMAL_RESTART); once is usual.
enum { RESTART = 81, MAXIMUM_STARTS = 3 };

// No macro of any document runs, and no link is followed: what the user's own settings would say.
static const char settings[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<oor:items xmlns:oor=\"http://openoffice.org/2001/registry\">\n"
    "<item oor:path=\"/org.openoffice.Office.Common/Security/Scripting\"><prop oor:name=\"MacroSecurityLevel\" oor:op=\"fuse\">"
    "<value>3</value></prop></item>\n"
    "<item oor:path=\"/org.openoffice.Office.Common/Security/Scripting\"><prop oor:name=\"DisableMacrosExecution\" oor:op=\"fuse\">"
    "<value>true</value></prop></item>\n"
    "<item oor:path=\"/org.openoffice.Office.Common/Security/Scripting\"><prop oor:name=\"BlockUntrustedRefererLinks\" oor:op=\"fuse\">"
    "<value>true</value></prop></item>\n"
    "<item oor:path=\"/org.openoffice.Office.Writer/Content/Update\"><prop oor:name=\"Link\" oor:op=\"fuse\">"
    "<value>0</value></prop></item>\n"
    "<item oor:path=\"/org.openoffice.Office.Calc/Content/Update\"><prop oor:name=\"Link\" oor:op=\"fuse\">"
    "<value>2</value></prop></item>\n"
    "</oor:items>\n";

struct conversion {
    const struct qdoc_office_order *order;
    /// Where everything is written.
    const char *folder;
};

static int make_path(char *path, const struct conversion *conversion, const char *rest) {
    int length = snprintf(path, PATH_MAX, "%s%s", conversion->folder, rest);
    return length > 0 && length < PATH_MAX ? 0 : -1;
}

static int make_folder(const struct conversion *conversion, const char *rest) {
    char path[PATH_MAX];
    return make_path(path, conversion, rest) == 0 ? mkdir(path, 0777) : -1;
}

// What the confined user writes to must be writable for it, whoever made it.
static int make_profile(const struct conversion *conversion) {
    char path[PATH_MAX];
    if (make_folder(conversion, "/profile") || make_folder(conversion, "/profile/user") || make_folder(conversion, "/home")
        || make_folder(conversion, "/tmp") || make_folder(conversion, "/out"))
        return -1;
    if (make_path(path, conversion, "/profile/user/registrymodifications.xcu") != 0) return -1;
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (file < 0) return -1;
    ssize_t written = write(file, settings, sizeof settings - 1);
    close(file);
    return written == (ssize_t)sizeof settings - 1 ? 0 : -1;
}

static int copy(int from, int to, int64_t maximum) {
    int64_t copied = 0;
    for (;;) {
        // A signal is the only thing that interrupts it, and none is expected.
        ssize_t count = sendfile(to, from, NULL, 1 << 20);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return QDOC_OFFICE_NO_ROOM;
        if (count == 0) return QDOC_OFFICE_CONVERTED;
        copied += count;
        if (copied > maximum) return QDOC_OFFICE_TOO_LARGE;
    }
}

static int take_document(const struct conversion *conversion) {
    char path[PATH_MAX], name[32];
    snprintf(name, sizeof name, "/document.%s", conversion->order->extension);
    if (make_path(path, conversion, name) != 0) return QDOC_OFFICE_NO_ROOM;
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (file < 0) return QDOC_OFFICE_NO_ROOM;
    int status = lseek(conversion->order->source, 0, SEEK_SET) == 0 ? copy(conversion->order->source, file, INT64_MAX) : QDOC_OFFICE_NO_ROOM;
    close(file);
    return status;
}

static int give_result(const struct conversion *conversion) {
    char path[PATH_MAX];
    struct stat status;
    if (make_path(path, conversion, "/out/document.pdf") != 0) return QDOC_OFFICE_NOT_CONVERTED;
    // Foreign code made it: a link or a FIFO may stand there.
    int file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) return QDOC_OFFICE_NOT_CONVERTED;
    int outcome = QDOC_OFFICE_NOT_CONVERTED;
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0)
        outcome = status.st_size > conversion->order->maximum_bytes ? QDOC_OFFICE_TOO_LARGE
                                                                   : copy(file, conversion->order->output, conversion->order->maximum_bytes);
    close(file);
    return outcome;
}

static void become_office(const struct conversion *conversion) {
    const struct qdoc_office_order *order = conversion->order;
    char profile[PATH_MAX], home[PATH_MAX], temporary[PATH_MAX], libraries[PATH_MAX], target[64], import[96];
    char document[32];
    if (chdir(conversion->folder) != 0) return;
    if (snprintf(profile, sizeof profile, "-env:UserInstallation=file://%s/profile", conversion->folder) >= (int)sizeof profile) return;
    if (snprintf(home, sizeof home, "HOME=%s/home", conversion->folder) >= (int)sizeof home) return;
    if (snprintf(temporary, sizeof temporary, "TMPDIR=%s/tmp", conversion->folder) >= (int)sizeof temporary) return;
    snprintf(document, sizeof document, "document.%s", order->extension);
    snprintf(target, sizeof target, "pdf:%s", order->export_filter);
    snprintf(import, sizeof import, "--infilter=%s", order->import_filter);
    const char *arguments[] = {
        order->program, "--headless", "--norestore", "--nologo", "--nolockcheck", "--nodefault",
        profile, import, "--convert-to", target, "--outdir", "out", document, NULL};
    // The loader finds what lies beside a program by /proc, which the sandbox does not have.
    snprintf(libraries, sizeof libraries, "LD_LIBRARY_PATH=%.*s", (int)(strrchr(order->program, '/') - order->program), order->program);
    const char *environment[] = {
        "LC_ALL=C.UTF-8", "TZ=UTC", "PATH=/usr/bin:/bin", "SAL_USE_VCLPLUGIN=svp", home, temporary, libraries, NULL};
    if (sandbox_drop_rights(order->sandboxed) != 0) _exit(SANDBOX_FAILED);
    execve(order->program, (char *const *)arguments, (char *const *)environment);
}

// One run of LibreOffice: its wait status, or -1.
static int run_office(const struct conversion *conversion) {
    pid_t pid = fork();
    if (pid < 0) return -1;
    if (pid == 0) {
        become_office(conversion);
        _exit(QDOC_OFFICE_NOT_CONVERTED);
    }
    for (;;) {
        int status = 0;
        pid_t ended = waitpid(-1, &status, 0);
        if (ended < 0 && errno != EINTR) return -1;
        if (ended == pid) return status;
    }
}

static int convert(void *context) {
    const struct conversion *conversion = context;
    umask(0);
    int outcome = make_profile(conversion) == 0 ? take_document(conversion) : QDOC_OFFICE_NO_ROOM;
    if (outcome != QDOC_OFFICE_CONVERTED) return outcome;
    int status = 0;
    for (int start = 0; start < MAXIMUM_STARTS; start++) {
        status = run_office(conversion);
        if (status < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != RESTART) break;
    }
    // Nothing of it may change the result while it is copied; as the first process this one is spared.
    if (getpid() == 1) {
        kill(-1, SIGKILL);
        while (waitpid(-1, NULL, 0) > 0 || errno == EINTR) {
        }
    }
    if (status >= 0 && WIFEXITED(status) && WEXITSTATUS(status) == SANDBOX_FAILED) return QDOC_OFFICE_NO_SANDBOX;
    if (status >= 0 && WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL)) return QDOC_OFFICE_CPU;
    return give_result(conversion);
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place) {
    (void)status, (void)kind, (void)place;
    return remove(path);
}

enum qdoc_office_outcome qdoc_office_convert(const struct qdoc_office_order *order) {
    char folder[PATH_MAX];
    struct conversion conversion = {.order = order, .folder = SANDBOX_WORK};
    if (!order->sandboxed) {
        const char *parent = getenv("TMPDIR");
        if (snprintf(folder, sizeof folder, "%s/qdoc-office-XXXXXX", parent ? parent : "/tmp") >= (int)sizeof folder || !mkdtemp(folder))
            return QDOC_OFFICE_NO_ROOM;
        conversion.folder = folder;
    }
    pid_t pid = sandbox_start(order->sandboxed, convert, &conversion);
    int status = pid < 0 ? SANDBOX_FAILED : sandbox_wait(pid, order->sandboxed, order->control, order->wall_milliseconds);
    if (!order->sandboxed) nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    switch (status) {
        case -1: return QDOC_OFFICE_TIMED_OUT;
        case -2: return QDOC_OFFICE_CANCELLED;
        case -3: return QDOC_OFFICE_NOT_CONVERTED;
        default: return (enum qdoc_office_outcome)status;
    }
}
