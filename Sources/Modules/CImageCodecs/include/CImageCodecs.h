#ifndef QDOC_IMAGE_CODECS_H
#define QDOC_IMAGE_CODECS_H
#include <stddef.h>
#include <stdint.h>

// libjpeg and libpng report errors by longjmp, which must never leave C: each function here keeps its jump inside and returns a status.

enum {
    QDOC_IMAGE_OK = 0,
    /// The bytes are not an image of this format, or are cut or corrupt.
    QDOC_IMAGE_DAMAGED = 1,
    /// The image is over a bound.
    QDOC_IMAGE_TOO_LARGE = 2,
    QDOC_IMAGE_NO_MEMORY = 3,
};

enum { QDOC_IMAGE_MESSAGE = 200 };

typedef struct {
    uint32_t width;
    uint32_t height;
    /// Of EXIF, 1 to 8; 1 where none is stated.
    int orientation;
} qdoc_image_header;

/// What part of the stored image is wanted, and where it goes.
typedef struct {
    /// In pixels of the stored image, before orientation.
    double left, top, right, bottom;
    /// Size of the result before orientation.
    uint32_t width, height;
    /// First pixel of the result, and the way in bytes to the next pixel of a row and to the next row: orientation is done by these.
    uint8_t *pixels;
    ptrdiff_t pixel_step, row_step;
} qdoc_image_target;

/// Reads the header of a JPEG.
int qdoc_jpeg_header(const uint8_t *bytes, size_t count, qdoc_image_header *header, char *message);
/// Decodes a JPEG, scaled by DCT to `1/denominator` (1, 2, 4 or 8), then by area into the target.
int qdoc_jpeg_decode(const uint8_t *bytes, size_t count, int denominator, const qdoc_image_target *target, char *message);
/// Encodes BGRX as JPEG. `*out` is allocated by malloc and owned by the caller.
int qdoc_jpeg_encode(const uint8_t *pixels, uint32_t width, uint32_t height, size_t stride, int quality, int gray, uint8_t **out,
                     size_t *out_count, char *message);

/// Reads the header of a PNG.
int qdoc_png_header(const uint8_t *bytes, size_t count, qdoc_image_header *header, char *message);
/// Decodes a PNG of any kind by area into the target; transparency stands on white.
int qdoc_png_decode(const uint8_t *bytes, size_t count, const qdoc_image_target *target, char *message);
/// Encodes BGRX as an 8-bit PNG, grey or RGB. `*out` is allocated by malloc and owned by the caller.
int qdoc_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height, size_t stride, int gray, uint8_t **out, size_t *out_count);

/// How much of an image is flat, looked at in every 8th row.
typedef struct {
    /// Pixels looked at, and those of them that equal their left neighbour.
    uint64_t seen, equal_left;
    /// Whether all pixels of the image are grey.
    int gray;
} qdoc_image_look;
qdoc_image_look qdoc_image_look_at(const uint8_t *pixels, uint32_t width, uint32_t height, size_t stride);
#endif
