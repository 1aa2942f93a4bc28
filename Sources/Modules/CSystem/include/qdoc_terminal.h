#ifndef QDOC_TERMINAL_H
#define QDOC_TERMINAL_H

// Calls that Swift cannot make: ioctl and open are variadic, and signal handlers are C.

/// Columns of the terminal behind a descriptor; 0 where there is none.
int qdoc_terminal_columns(int fd);
/// Opens the terminal that controls this process, closed on exec.
int qdoc_open_terminal(void);
/// Switches the echo of typed characters on a terminal; -1 with errno set.
int qdoc_set_echo(int fd, int on);
/// Waits up to `milliseconds` for input: 1 there is some, 0 none, -1 with errno set.
int qdoc_wait_for_input(int fd, int milliseconds);
/// Creates a file that must not be there yet, mode 0666 less the umask, closed on exec.
int qdoc_create(const char *path);
/// Turns SIGINT, SIGTERM and SIGHUP into numbers that qdoc_next_signal gives, and ignores SIGPIPE; -1 with errno set.
int qdoc_hold_signals(void);
/// Waits for the next of these signals and gives its number; -1 where the signals were never held.
int qdoc_next_signal(void);

#endif
