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
    /// A kind of the format that is not read.
    QDOC_IMAGE_UNSUPPORTED = 4,
};

enum { QDOC_IMAGE_MESSAGE = 200 };

typedef enum {
    QDOC_IMAGE_PNG,
    QDOC_IMAGE_JPEG,
    QDOC_IMAGE_WEBP,
    QDOC_IMAGE_TIFF,
    QDOC_IMAGE_GIF,
    QDOC_IMAGE_BMP,
    QDOC_IMAGE_GRAYMAP,
} qdoc_image_kind;

/// An image in memory.
typedef struct {
    qdoc_image_kind kind;
    const uint8_t *bytes;
    size_t count;
    /// Where the page's directory stands in a TIFF; 0 in other kinds.
    uint64_t directory;
} qdoc_image_source;

typedef struct {
    uint32_t width;
    uint32_t height;
    /// Of EXIF, 1 to 8; 1 where none is stated.
    int orientation;
    /// Across; 0 where it is not stated.
    double dots_per_inch;
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
    /// Whether colours are brought to sRGB by the profile in the image.
    int follows_profile;
} qdoc_image_target;

/// Reads the header of an image. `message` has room for QDOC_IMAGE_MESSAGE bytes, here and below.
int qdoc_image_read_header(const qdoc_image_source *source, qdoc_image_header *header, char *message);
/// Decodes an image by area into the target, as BGRX; transparency stands on white.
///
/// A JPEG is scaled by DCT to `1/denominator` (1, 2, 4 or 8) before; other kinds take no notice of it.
int qdoc_image_decode(const qdoc_image_source *source, int denominator, const qdoc_image_target *target, char *message);

/// How a JPEG is to be encoded.
typedef struct {
    /// Of libjpeg, 1 to 100.
    int quality;
    int is_gray;
    /// Whether colour is stored in full resolution, not in half.
    int has_full_colour;
    /// Whether it is a drawn page, for which there are Huffman tables; else the image gets tables of its own, which takes a second pass.
    int is_page;
} qdoc_jpeg_settings;

/// Encodes BGRX as JPEG. `*out` is allocated by malloc and owned by the caller.
int qdoc_jpeg_encode(const uint8_t *pixels, uint32_t width, uint32_t height, size_t stride, qdoc_jpeg_settings settings, uint8_t **out,
                     size_t *out_count, char *message);
/// Encodes BGRX as an 8-bit PNG, grey or RGB. `*out` is allocated by malloc and owned by the caller.
///
/// Gives up with QDOC_IMAGE_TOO_LARGE as soon as the compressed rows have more than `limit` bytes.
int qdoc_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height, size_t stride, int gray, size_t limit, uint8_t **out,
                    size_t *out_count);
/// Writes the luma (ITU-R BT.601) of BGRX, a byte a pixel.
void qdoc_image_luma(const uint8_t *pixels, size_t count, uint8_t *out);

/// What an image is like; all but `gray` looked at in every 8th row.
typedef struct {
    /// Pixels looked at, and those of them that equal their left neighbour.
    uint64_t seen, equal_left;
    /// Those whose colour (not its brightness) differs much from that of their left neighbour.
    uint64_t colour_edges;
    /// Whether all pixels of the image are grey.
    int gray;
} qdoc_image_look;
qdoc_image_look qdoc_image_look_at(const uint8_t *pixels, uint32_t width, uint32_t height, size_t stride);
#endif
