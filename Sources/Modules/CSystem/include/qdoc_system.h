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

/// Names the calling thread; at most 15 bytes are kept.
void qdoc_name_thread(const char *name);
/// The environment's entry at an index, or NULL past its end.
const char *qdoc_environment_entry(int index);

#endif
