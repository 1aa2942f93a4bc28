#ifndef QDOC_JPEG_ERRORS_H
#define QDOC_JPEG_ERRORS_H
#include <setjmp.h>
#include <stdio.h>
#include <jpeglib.h>

/// How libjpeg's errors come back: by a jump to `jump`, with `status` and the message set.
typedef struct {
    struct jpeg_error_mgr base;
    jmp_buf jump;
    char *message;
    int status;
    /// Whether the bytes ended too early, which libjpeg only warns of.
    int is_cut;
} qdoc_jpeg_errors;

void qdoc_jpeg_watch(qdoc_jpeg_errors *state, struct jpeg_error_mgr **slot, char *message);
#endif
