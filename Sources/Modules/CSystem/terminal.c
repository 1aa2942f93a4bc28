#define _GNU_SOURCE
#include "qdoc_terminal.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

int qdoc_terminal_columns(int fd) {
    struct winsize size;
    return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

int qdoc_open_terminal(void) { return open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY); }

int qdoc_set_echo(int fd, int on) {
    struct termios attributes;
    if (tcgetattr(fd, &attributes) != 0) return -1;
    if (on)
        attributes.c_lflag |= ECHO;
    else
        attributes.c_lflag &= ~(tcflag_t)ECHO;
    return tcsetattr(fd, TCSAFLUSH, &attributes);
}

int qdoc_wait_for_input(int fd, int milliseconds) {
    struct pollfd waited = {.fd = fd, .events = POLLIN};
    int ready = poll(&waited, 1, milliseconds);
    return ready < 0 && errno == EINTR ? 0 : ready;
}

int qdoc_create(const char *path) { return open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666); }

static int signal_pipe[2] = {-1, -1};

// Signals that are blocked instead would not do: the dispatch library parks the main thread in sigsuspend with an open mask, where the
// default action ends the process.
static void note_signal(int number) {
    int saved = errno;
    unsigned char byte = (unsigned char)number;
    // A pipe that is full holds thousands of wishes to stop already.
    ssize_t written = write(signal_pipe[1], &byte, 1);
    (void)written;
    errno = saved;
}

int qdoc_hold_signals(void) {
    if (pipe2(signal_pipe, O_CLOEXEC) != 0) return -1;
    if (fcntl(signal_pipe[1], F_SETFL, O_NONBLOCK) != 0) return -1;
    struct sigaction action = {.sa_handler = note_signal, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    signal(SIGPIPE, SIG_IGN);
    return sigaction(SIGINT, &action, NULL) | sigaction(SIGTERM, &action, NULL) | sigaction(SIGHUP, &action, NULL);
}

int qdoc_next_signal(void) {
    unsigned char number = 0;
    ssize_t count;
    do {
        count = read(signal_pipe[0], &number, 1);
    } while (count < 0 && errno == EINTR);
    return count == 1 ? number : -1;
}
