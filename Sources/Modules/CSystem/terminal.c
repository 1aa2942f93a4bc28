#define _GNU_SOURCE
#include "qdoc_terminal.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
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

static void held(sigset_t *set) {
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
}

int qdoc_hold_signals(void) {
    sigset_t set;
    held(&set);
    signal(SIGPIPE, SIG_IGN);
    return pthread_sigmask(SIG_BLOCK, &set, NULL);
}

int qdoc_next_signal(void) {
    sigset_t set;
    int number = 0;
    held(&set);
    while (sigwait(&set, &number) != 0) {}
    return number;
}
