#ifndef QDOC_OFFICE_H
#define QDOC_OFFICE_H
#include <stdint.h>

// A confinement for LibreOffice, which starts programs, writes files and opens sockets: it gets a system of its own to do it in.

/// What became of a document.
enum qdoc_office_outcome {
    QDOC_OFFICE_CONVERTED = 0,
    /// LibreOffice made no PDF of it.
    QDOC_OFFICE_NOT_CONVERTED = 20,
    /// The PDF has more than `maximum_bytes`.
    QDOC_OFFICE_TOO_LARGE = 21,
    /// No room for the document, or none for the PDF where it goes.
    QDOC_OFFICE_NO_ROOM = 22,
    /// It used more than its processor time.
    QDOC_OFFICE_CPU = 23,
    QDOC_OFFICE_TIMED_OUT = 24,
    /// The other end of `control` is gone.
    QDOC_OFFICE_CANCELLED = 25,
    /// The system grants no namespaces, or no filter.
    QDOC_OFFICE_NO_SANDBOX = 26,
};

/// One document to convert.
struct qdoc_office_order {
    /// For reading.
    int source;
    /// For writing; empty.
    int output;
    /// A socket; the conversion ends when it does.
    int control;
    /// LibreOffice's program, and the name of the document's ending, import filter and export filter.
    const char *program;
    const char *extension;
    const char *import_filter;
    const char *export_filter;
    int64_t maximum_bytes;
    int wall_milliseconds;
    /// 1: in namespaces of its own or not at all; 0: in a temporary folder, limited and filtered alone.
    int sandboxed;
};

/// Converts a document to PDF. Every process that it starts is gone when it returns.
enum qdoc_office_outcome qdoc_office_convert(const struct qdoc_office_order *order);
/// Whether the system grants the confinement: 1 or 0.
int qdoc_office_can_confine(void);
/// Tries one thing in a confined process. 1: it was stopped, 0: it succeeded, -1: the probe could not be run.
int qdoc_office_probe(int probe);
/// The name of a probe, NULL past the last.
const char *qdoc_office_probe_name(int probe);

#endif
