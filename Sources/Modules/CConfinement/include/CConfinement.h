#ifndef QDOC_CONFINEMENT_H
#define QDOC_CONFINEMENT_H
#include <stdint.h>
#include "qdoc_office.h"

// What takes rights away from the calling process for good. Each returns 0, or -1 with errno set, unless it says otherwise.

/// Gives up gaining rights by exec.
int qdoc_no_new_privileges(void);
/// Sets the limits of a process that parses foreign bytes: no core, no files grown, `address_space` bytes, few descriptors.
int qdoc_limit_resources(uint64_t address_space);
/// The same of a process that makes a PDF: a file of 256 MiB and a minute of processor time.
int qdoc_limit_converter(uint64_t address_space);
/// The file rules the kernel offers (landlock ABI), 0 where it offers none.
int qdoc_landlock_abi(void);
/// Allows reading beneath the given folders and nothing else of the file system, no TCP and no signals or abstract sockets outside.
int qdoc_restrict_files(const char *const *folders, int count);
/// Whether the kernel can kill a process by seccomp: 1 or 0.
int qdoc_has_seccomp(void);
/// Prepares the filter; called once before forking, so that each worker only loads it.
int qdoc_prepare_filter(void);
/// Loads the prepared filter: from here on the process can compute, read, map memory and talk over sockets it has, nothing else.
int qdoc_load_filter(void);
/// Loads the filter of a process that makes a PDF: as of `qdoc_load_filter`, with threads and with writing to one descriptor.
int qdoc_load_converter_filter(int output);
/// Leaves the host's network, IPC and host name where the kernel lets this process.
int qdoc_leave_namespaces(void);
/// Leaves all of the file system but the given folders, after `qdoc_leave_namespaces`: `user` and `group` are those the process had before it.
/// Where it fails half of the way nothing is given that was not there before.
int qdoc_enter_root(const char *const *folders, int count, unsigned user, unsigned group);
/// Gives up all that the superuser may, here or in a namespace of its own.
int qdoc_drop_capabilities(void);
/// Tries one thing in a forked child that `confine(layers)` has confined.
/// 1: it was stopped, 0: it succeeded, -1: the probe could not be run.
int qdoc_probe(int probe, int (*confine)(int), int layers);
/// Whether a child that `confine(layers)` has confined can still do its work: 1 or 0.
int qdoc_probe_work(int (*confine)(int), int layers);
/// The name of a probe, NULL past the last.
const char *qdoc_probe_name(int probe);

#endif
