#ifndef SANDBOX_H
#define SANDBOX_H
#include <sys/types.h>

// Inside CConfinement: a system of its own for programs that nobody trusts.

/// Where programs in the sandbox may write: the whole of what they can.
#define SANDBOX_WORK "/work"
/// Exit status of the first process where the sandbox cannot be set up.
enum { SANDBOX_FAILED = 26 };

/// Runs `body` as the first process of namespaces of its own, over a private root: the system for reading, SANDBOX_WORK for writing.
/// Without `sandboxed`, in a process of its own and no more. Its exit status is what `body` returns, SANDBOX_FAILED without namespaces.
/// Returns the process id, or -1. Killing that process kills everything in the sandbox.
pid_t sandbox_start(int sandboxed, int (*body)(void *), void *context);
/// Waits until a process of `sandbox_start` ends, `control` (where >= 0) has news, or the time is over; then kills and reaps it.
/// Returns its exit status, or -1: time was over, -2: `control` had news, -3: killed by a signal.
int sandbox_wait(pid_t pid, int sandboxed, int control, int milliseconds);
/// Takes from the calling process, which is about to run foreign code, every right that it need not have. 0, or -1.
int sandbox_drop_rights(int sandboxed);
/// Loads the filter that refuses what no document needs. 0, or -1.
int sandbox_load_filter(void);

#endif
