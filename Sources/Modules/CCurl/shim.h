#ifndef QDOC_CURL_H
#define QDOC_CURL_H
#include <curl/curl.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

// libcurl's setters are variadic, which Swift cannot call: one typed spelling for each kind of argument.

static inline CURLcode qdoc_curl_set_long(CURL *easy, CURLoption option, long value) { return curl_easy_setopt(easy, option, value); }
static inline CURLcode qdoc_curl_set_offset(CURL *easy, CURLoption option, curl_off_t value) { return curl_easy_setopt(easy, option, value); }
static inline CURLcode qdoc_curl_set_string(CURL *easy, CURLoption option, const char *value) { return curl_easy_setopt(easy, option, value); }
static inline CURLcode qdoc_curl_set_pointer(CURL *easy, CURLoption option, void *value) { return curl_easy_setopt(easy, option, value); }

typedef size_t (*qdoc_curl_bytes_callback)(char *bytes, size_t size, size_t count, void *context);
typedef int (*qdoc_curl_seek_callback)(void *context, curl_off_t offset, int origin);
typedef int (*qdoc_curl_ready_callback)(void *context, char *ip, char *local_ip, int port, int local_port);
typedef int (*qdoc_curl_socket_callback)(CURL *easy, curl_socket_t socket, int what, void *context, void *socket_context);
typedef int (*qdoc_curl_timer_callback)(CURLM *multi, long milliseconds, void *context);

static inline CURLcode qdoc_curl_set_bytes_callback(CURL *easy, CURLoption option, qdoc_curl_bytes_callback callback) {
    return curl_easy_setopt(easy, option, callback);
}
static inline CURLcode qdoc_curl_set_seek_callback(CURL *easy, qdoc_curl_seek_callback callback) {
    return curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, callback);
}
static inline CURLcode qdoc_curl_set_ready_callback(CURL *easy, qdoc_curl_ready_callback callback) {
    return curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, callback);
}
/// Whether the transfer runs over a connection that an earlier one had made.
static inline int qdoc_curl_is_reused(CURL *easy) {
    long made = 0;
    return curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &made) == CURLE_OK && made == 0;
}
/// Whether the other side has closed the connection, or broken it, with nothing left to read.
static inline int qdoc_socket_is_closed(int socket) {
    char byte;
    ssize_t count = recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return count == 0 || (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}
static inline CURLMcode qdoc_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}
static inline CURLMcode qdoc_curl_multi_set_callbacks(
    CURLM *multi, qdoc_curl_socket_callback on_socket, qdoc_curl_timer_callback on_timer, void *context) {
    CURLMcode code = curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    if (code == CURLM_OK) code = curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, context);
    if (code == CURLM_OK) code = curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
    if (code == CURLM_OK) code = curl_multi_setopt(multi, CURLMOPT_TIMERDATA, context);
    return code;
}

/// The next finished transfer, or NULL; `result` says how it ended. (CURLMsg holds a union.)
static inline CURL *qdoc_curl_next_finished(CURLM *multi, CURLcode *result) {
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(multi, &left));) {
        if (message->msg != CURLMSG_DONE) continue;
        *result = message->data.result;
        return message->easy_handle;
    }
    return NULL;
}

// epoll and eventfd stand in a header that Swift's Glibc module leaves out.

/// Watches a socket for what libcurl asks (CURL_POLL_IN, _OUT, _INOUT), or forgets it (CURL_POLL_REMOVE).
static inline int qdoc_poll_watch(int poll, int fd, int what) {
    struct epoll_event event = {.data.fd = fd};
    if (what & CURL_POLL_IN) event.events |= EPOLLIN;
    if (what & CURL_POLL_OUT) event.events |= EPOLLOUT;
    if (what == CURL_POLL_REMOVE) return epoll_ctl(poll, EPOLL_CTL_DEL, fd, &event);
    if (epoll_ctl(poll, EPOLL_CTL_MOD, fd, &event) == 0) return 0;
    return errno == ENOENT ? epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event) : -1;
}
/// Waits for up to 64 sockets; gives each with what happened in libcurl's bits.
static inline int qdoc_poll_wait(int poll, int *fds, int *actions, int timeout_milliseconds) {
    struct epoll_event events[64];
    int count = epoll_wait(poll, events, 64, timeout_milliseconds);
    for (int i = 0; i < count; i++) {
        fds[i] = events[i].data.fd;
        actions[i] = (events[i].events & EPOLLIN ? CURL_CSELECT_IN : 0) | (events[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0)
            | (events[i].events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
    }
    return count < 0 && errno == EINTR ? 0 : count;
}
static inline int qdoc_poll_make(void) { return epoll_create1(EPOLL_CLOEXEC); }
static inline int qdoc_wakeup_make(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }
static inline void qdoc_wakeup_post(int fd) { (void)!eventfd_write(fd, 1); }
/// Waits until the descriptor is posted, at most so long; leaves it posted.
static inline void qdoc_wakeup_wait(int fd, int milliseconds) {
    struct pollfd waited = {.fd = fd, .events = POLLIN};
    (void)poll(&waited, 1, milliseconds);
}
static inline void qdoc_wakeup_take(int fd) {
    eventfd_t value;
    (void)!eventfd_read(fd, &value);
}

#endif
