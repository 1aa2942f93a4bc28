#ifndef QDOC_VIDEO_H
#define QDOC_VIDEO_H
#include <stddef.h>
#include <stdint.h>

// FFmpeg's structures are wide and change with its version, and its errors are macros: all of it stays behind this header.
// It reads nothing but the descriptor it is given: no protocol, no reference to another file, and only the demuxer that is named.

enum {
    QDOC_VIDEO_OK = 0,
    /// There is no further frame.
    QDOC_VIDEO_END = 1,
    /// Packets were read and no frame came of them yet: ask again.
    QDOC_VIDEO_AGAIN = 2,
    /// The bytes are not a video of this kind, or are cut or corrupt.
    QDOC_VIDEO_DAMAGED = 3,
    /// An MP4 or QuickTime file without its index, the atom `moov`.
    QDOC_VIDEO_NO_INDEX = 4,
    /// There is no video in the file.
    QDOC_VIDEO_NO_STREAM = 5,
    /// The codec is not among those that are read.
    QDOC_VIDEO_UNKNOWN_CODEC = 6,
    /// A side or an area is over its bound.
    QDOC_VIDEO_TOO_LARGE = 7,
    QDOC_VIDEO_NO_MEMORY = 8,
};

/// A video that is open, with the frame that was decoded last and the one before it.
typedef struct qdoc_video qdoc_video;

typedef struct {
    /// Pixels as stored.
    uint32_t width, height;
    /// Width of a pixel by its height, from 1/4 to 4.
    double pixel_aspect;
    /// Stored x is displayed downwards and stored y to the right.
    int swaps_sides;
    /// Stored x and stored y run against the axes they are displayed on.
    int reverses_x, reverses_y;
    /// Seconds by the container's word; 0 where it does not say.
    double duration;
    /// Frames a second on average; 0 where nobody knows.
    double rate;
    /// The codec by FFmpeg's name.
    char codec[32];
} qdoc_video_facts;

/// Fills FFmpeg's tables, so that forked workers share them.
void qdoc_video_warm(void);

/// Opens a video.
///
/// `demuxer` is `mov`, `matroska` or `avi`; `max_pixels` bounds a frame. `codec` of the facts is filled in for an unknown codec too.
int qdoc_video_open(int descriptor, int64_t byte_count, const char *demuxer, int64_t max_pixels, qdoc_video **out, qdoc_video_facts *facts);
void qdoc_video_close(qdoc_video *video);

/// Decodes only the frames that were stored whole, or all.
void qdoc_video_skip_to_keys(qdoc_video *video, int only_keys);

/// Decodes the next frame; `*seconds` is counted from the first one of the stream.
///
/// Packets and frames that are corrupt are passed over.
int qdoc_video_next(qdoc_video *video, double *seconds);

/// Makes the frame before the current one current again; the next one then is the one that was current.
int qdoc_video_step_back(qdoc_video *video, double *seconds);

/// The time of the last key frame at or before a time that the file's index names; -1 where it names none.
double qdoc_video_key_before(const qdoc_video *video, double seconds);

/// Goes to a key frame at or before a time; what is decoded next may still be later where the file's index is wrong.
int qdoc_video_seek(qdoc_video *video, double seconds);

/// Packets read so far.
uint64_t qdoc_video_packets(const qdoc_video *video);

/// Scales the current frame by area to `width * height` for comparison: a plane of luma, then two of colour difference.
int qdoc_video_look(qdoc_video *video, uint32_t width, uint32_t height, uint8_t *planes);

/// How sharp the current frame is: the mean difference of neighbouring luma samples in every 8th row, in 255ths; 0 where luma is not a plane.
double qdoc_video_detail(const qdoc_video *video);

/// What part of the stored frame is wanted, as shares of it, and where it goes.
typedef struct {
    /// From 0 to 1, before it is turned.
    double left, top, right, bottom;
    /// Size of the result before it is turned.
    uint32_t width, height;
    /// First pixel of the result, and the way in bytes to the next pixel of a row and to the next row: turning is done by these.
    uint8_t *pixels;
    ptrdiff_t pixel_step, row_step;
} qdoc_video_target;

/// Draws the current frame as BGRX.
int qdoc_video_draw(qdoc_video *video, const qdoc_video_target *target);
#endif
