#include "codecs.h"
#include <stdio.h>
#include <string.h>

int qdoc_image_read_header(const qdoc_image_source *source, qdoc_image_header *header, char *message) {
    *header = (qdoc_image_header){.orientation = 1};
    switch (source->kind) {
    case QDOC_IMAGE_PNG: return qdoc_png_header(source, header, message);
    case QDOC_IMAGE_JPEG: return qdoc_jpeg_header(source, header, message);
    case QDOC_IMAGE_WEBP: return qdoc_webp_header(source, header, message);
    case QDOC_IMAGE_TIFF: return qdoc_tiff_header(source, header, message);
    case QDOC_IMAGE_GIF: return qdoc_gif_header(source, header, message);
    case QDOC_IMAGE_BMP: return qdoc_bmp_header(source, header, message);
    case QDOC_IMAGE_GRAYMAP: return qdoc_graymap_header(source, header, message);
    }
    return qdoc_image_fail(message, QDOC_IMAGE_UNSUPPORTED, "no such kind");
}

int qdoc_image_decode(const qdoc_image_source *source, int denominator, const qdoc_image_target *target, char *message) {
    switch (source->kind) {
    case QDOC_IMAGE_PNG: return qdoc_png_decode(source, target, message);
    case QDOC_IMAGE_JPEG: return qdoc_jpeg_decode(source, denominator, target, message);
    case QDOC_IMAGE_WEBP: return qdoc_webp_decode(source, target, message);
    case QDOC_IMAGE_TIFF: return qdoc_tiff_decode(source, target, message);
    case QDOC_IMAGE_GIF: return qdoc_gif_decode(source, target, message);
    case QDOC_IMAGE_BMP: return qdoc_bmp_decode(source, target, message);
    case QDOC_IMAGE_GRAYMAP: return qdoc_graymap_decode(source, target, message);
    }
    return qdoc_image_fail(message, QDOC_IMAGE_UNSUPPORTED, "no such kind");
}

int qdoc_image_fail(char *message, int status, const char *text) {
    snprintf(message, QDOC_IMAGE_MESSAGE, "%s", text);
    return status;
}

static unsigned number(const uint8_t *bytes, int count, int little) {
    unsigned value = 0;
    for (int i = 0; i < count; i++) value |= (unsigned)bytes[i] << 8 * (little ? i : count - 1 - i);
    return value;
}

// The orientation tag (0x0112) of the first directory. Source: Exif 2.32, 4.6.2 and 4.6.4.
int qdoc_exif_orientation(const uint8_t *block, size_t count) {
    if (count >= 6 && memcmp(block, "Exif\0\0", 6) == 0) block += 6, count -= 6;
    if (count < 8 || (block[0] != 'I' && block[0] != 'M')) return 1;
    int little = block[0] == 'I';
    size_t offset = number(block + 4, 4, little);
    if (offset > count - 2) return 1;
    unsigned entries = number(block + offset, 2, little);
    for (unsigned i = 0; i < entries; i++) {
        size_t at = offset + 2 + (size_t)i * 12;
        if (at + 12 > count) return 1;
        if (number(block + at, 2, little) != 0x0112) continue;
        unsigned value = number(block + at + 8, 2, little);
        return value >= 1 && value <= 8 ? (int)value : 1;
    }
    return 1;
}

void qdoc_on_white(uint8_t *row, uint32_t width) {
    for (uint32_t x = 0; x < width; x++, row += 4) {
        unsigned alpha = row[3];
        if (alpha == 255) continue;
        for (int c = 0; c < 3; c++) row[c] = (uint8_t)((row[c] * alpha + 255 * (255 - alpha) + 127) / 255);
        row[3] = 0xFF;
    }
}
