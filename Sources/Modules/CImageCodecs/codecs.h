#ifndef QDOC_CODECS_H
#define QDOC_CODECS_H
#include "area.h"

// One pair of functions for each format, behind qdoc_image_read_header and qdoc_image_decode.

int qdoc_jpeg_header(const qdoc_image_source *source, qdoc_image_header *header, char *message);
int qdoc_jpeg_decode(const qdoc_image_source *source, int denominator, const qdoc_image_target *target, char *message);
int qdoc_png_header(const qdoc_image_source *source, qdoc_image_header *header, char *message);
int qdoc_png_decode(const qdoc_image_source *source, const qdoc_image_target *target, char *message);
int qdoc_webp_header(const qdoc_image_source *source, qdoc_image_header *header, char *message);
int qdoc_webp_decode(const qdoc_image_source *source, const qdoc_image_target *target, char *message);
int qdoc_tiff_header(const qdoc_image_source *source, qdoc_image_header *header, char *message);
int qdoc_tiff_decode(const qdoc_image_source *source, const qdoc_image_target *target, char *message);
int qdoc_gif_header(const qdoc_image_source *source, qdoc_image_header *header, char *message);
int qdoc_gif_decode(const qdoc_image_source *source, const qdoc_image_target *target, char *message);
int qdoc_bmp_header(const qdoc_image_source *source, qdoc_image_header *header, char *message);
int qdoc_bmp_decode(const qdoc_image_source *source, const qdoc_image_target *target, char *message);
int qdoc_graymap_header(const qdoc_image_source *source, qdoc_image_header *header, char *message);
int qdoc_graymap_decode(const qdoc_image_source *source, const qdoc_image_target *target, char *message);

/// Writes a sentence and returns the status.
int qdoc_image_fail(char *message, int status, const char *text);
/// The orientation in a block of EXIF, with or without its `Exif\0\0`; 1 where none is stated.
int qdoc_exif_orientation(const uint8_t *block, size_t count);
/// Lays BGRA with straight alpha on white.
void qdoc_on_white(uint8_t *row, uint32_t width);
/// A 16-bit sample as 8 bits, rounded.
static inline uint8_t qdoc_narrow(unsigned value) { return (uint8_t)((value * 255 + 32767) / 65535); }

/// A bound for pixels of a canvas that is held whole; the same as ImageFile.maxPixels.
enum { QDOC_MAX_PIXELS = 100000000 };
#endif
