#ifndef QDOC_SYSTEM_H
#define QDOC_SYSTEM_H
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// What Swift cannot call: variadic system calls, macros, and functions behind _GNU_SOURCE.
// Each returns -1 with errno set where the call behind it does.

/// Makes an anonymous file in memory that can be sealed; closed on exec.
int qdoc_memfd_create(const char *name);
/// Forbids a memfd to shrink or grow from now on, and to be sealed further.
int qdoc_memfd_seal_size(int fd);
/// Opens a file with flags and, when it is created, mode 0600; always closed on exec.
int qdoc_open(const char *path, int flags);
/// Opens an unnamed file in a directory (O_TMPFILE), or creates and unlinks one where the file system cannot.
int qdoc_open_unnamed(const char *directory);
/// Duplicates to the lowest free descriptor at or above `lowest`, closed on exec.
int qdoc_dup_above(int fd, int lowest);
/// Sends up to 4 descriptors with a payload over a Unix socket.
ssize_t qdoc_send_descriptors(int socket, const void *bytes, size_t count, const int *fds, int fd_count);
/// Receives a payload and up to 4 descriptors (closed on exec); `fd_count` says how many came.
ssize_t qdoc_receive_descriptors(int socket, void *bytes, size_t capacity, int *fds, int *fd_count);
/// A socket pair of SOCK_SEQPACKET or SOCK_STREAM, closed on exec.
int qdoc_socket_pair(int type, int *fds);
/// Asks to be killed when the parent's thread that made this process ends.
int qdoc_die_with_parent(void);
/// Renames without replacing; EEXIST where the target is there.
int qdoc_rename_exclusive(const char *from, const char *to);

/// Starts a program with `control` as its descriptor 3, nothing on 0-2, no other descriptor, a fixed environment and default signals.
/// Returns its process id, or -1.
pid_t qdoc_spawn_child(const char *path, const char *argument, int control);
/// Forks; exists because the importer hides `fork` on some systems.
pid_t qdoc_fork(void);
/// Closes every descriptor at or above `lowest`.
int qdoc_close_from(int lowest);
/// A descriptor that names a process and can be polled for its end.
int qdoc_pidfd_open(pid_t pid);
/// Kills the process that a descriptor names; safe however long it has been gone.
int qdoc_pidfd_kill(int pidfd);
/// Lets a process use `seconds` of CPU time more than it has used so far. The hard limit is left alone.
int qdoc_raise_cpu_limit(pid_t pid, int seconds);
/// Waits until a descriptor has something or `milliseconds` are over (-1: for ever). 1: ready, 0: time is over.
int qdoc_wait_readable(int fd, int milliseconds);
/// Makes the end of a child process wake `qdoc_wait_readable_or_child`, and nothing else.
int qdoc_watch_children(void);
/// Waits until a descriptor has something (1) or a child process has ended (0).
int qdoc_wait_readable_or_child(int fd);
/// Undoes `qdoc_watch_children` in a forked child.
void qdoc_forget_children(void);
/// Reaps one child that has ended: its process id, 0 when there is none. `status`: its exit status, or minus the signal.
pid_t qdoc_reap(int *status);
/// Waits for one child to end and reaps it.
void qdoc_wait_child(pid_t pid);
/// Gives the memory behind a memfd back; its size stays.
int qdoc_punch(int fd, off_t count);
/// Bytes that a file takes up.
off_t qdoc_allocated(int fd);
/// Maps a file for writing, shared. NULL where that fails.
void *qdoc_map_shared(int fd, size_t count);
/// What kind of file a descriptor is (regular 'f', directory 'd', FIFO 'p', socket 's', device 'c', else '?') and its size.
int qdoc_file_kind(int fd, char *kind, off_t *size);
/// The same of a path, links followed.
int qdoc_path_kind(const char *path, char *kind);
/// Opens a file with flags without ever waiting for a peer; always closed on exec.
int qdoc_open_waitless(const char *path);

/// Has freed blocks of 128 KiB and more go back to the system at once, and the rest shared by two arenas.
void qdoc_return_memory_early(void);
/// Processors that this process may run on, or 0 where the kernel does not tell.
int qdoc_processor_count(void);
/// Names the calling thread; at most 15 bytes are kept.
void qdoc_name_thread(const char *name);
/// The environment's entry at an index, or NULL past its end.
const char *qdoc_environment_entry(int index);

#endif
