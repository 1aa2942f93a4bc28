#ifndef QDOC_NETWORK_LOCK_H
#define QDOC_NETWORK_LOCK_H

/// Takes from every thread of this process, and from its children, the right to make a socket of any family but AF_UNIX; for good.
/// Returns 0, or -1 with errno set. The kernel's filter is written here by hand because the host links no sandboxing library.
int qdoc_deny_network(void);

#endif
