#ifndef QDOC_VIDEO_FIXTURES_H
#define QDOC_VIDEO_FIXTURES_H
#include <stddef.h>
#include <stdint.h>

// Makes clips for tests, with the encoders of the libraries that read them.

/// How a clip is made.
typedef struct {
    int width, height;
    /// Frames a second.
    int rate;
    /// Frames from one that is stored whole to the next, and no others are.
    int key_interval;
    /// Clockwise, as the container says; a mirrored frame is first turned left to right.
    int quarter_turns, is_mirrored;
    /// Width of a pixel by its height; 0 where the container says nothing.
    int aspect_width, aspect_height;
} qdoc_clip;

/// A clip that is being written.
typedef struct qdoc_clip_writer qdoc_clip_writer;

/// Begins a clip; `container` and `codec` by FFmpeg's names. NULL where it can't be made.
qdoc_clip_writer *qdoc_clip_open(const char *path, const char *container, const char *codec, const qdoc_clip *clip);

/// Adds a frame: a plane of luma, then two of colour differences of half the width and height, rounded up. It
/// lasts for so many frames of the rate. 0 where it worked.
int qdoc_clip_add(qdoc_clip_writer *writer, const uint8_t *planes, size_t count, int lasting);

/// Ends the clip. 0 where all of it was written.
int qdoc_clip_close(qdoc_clip_writer *writer);
#endif
