#ifndef QDOC_EMBEDDED_H
#define QDOC_EMBEDDED_H
#include <stddef.h>

// Files that travel inside the program: SwiftPM's resources would need Foundation and bake in the build path.

/// The shipped pipelines; `name` without its suffix. Past the last one the name is NULL.
struct qdoc_embedded_file {
    const char *name;
    const unsigned char *bytes;
    size_t count;
};

/// The shipped pipeline at an index; its name is NULL past the last.
struct qdoc_embedded_file qdoc_embedded_pipeline(int index);

/// The models that are known, with their endpoints and prices.
struct qdoc_embedded_file qdoc_embedded_catalogue(void);

/// The parts of the report as a web page, at an index; its name is NULL past the last.
struct qdoc_embedded_file qdoc_embedded_template(int index);

#endif
