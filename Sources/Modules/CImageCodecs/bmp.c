#include "codecs.h"
#include <stdlib.h>
#include <string.h>

// Windows bitmaps: no library of the distribution reads them alone. Source: Microsoft, Bitmap Storage; [MS-WMF] 2.2.2.3 to 2.2.2.5, 3.1.6.

enum { RGB = 0, RLE8 = 1, RLE4 = 2, BITFIELDS = 3, ALPHA_BITFIELDS = 6 };

typedef struct {
    uint32_t width, height, bits, compression, offset;
    int is_top_down;
    double dots_per_inch;
    // Red, green, blue, alpha, of 16 and 32 bits.
    uint32_t masks[4];
    // BGRX.
    uint8_t colours[256][4];
} head;

static uint32_t number(const qdoc_image_source *source, size_t at, int count) {
    uint32_t value = 0;
    for (int i = 0; i < count; i++) {
        if (at + (size_t)i < source->count) value |= (uint32_t)source->bytes[at + (size_t)i] << (8 * i);
    }
    return value;
}

static void read_colours(const qdoc_image_source *source, head *head, size_t at, uint32_t count, size_t bytes) {
    for (uint32_t i = 0; i < 256; i++) {
        head->colours[i][3] = 0xFF;
        for (size_t c = 0; c < 3 && i < count; c++) head->colours[i][c] = (uint8_t)number(source, at + i * bytes + c, 1);
    }
}

static int is_known(const head *head) {
    switch (head->compression) {
    case RGB: return head->bits == 1 || head->bits == 4 || head->bits == 8 || head->bits == 16 || head->bits == 24 || head->bits == 32;
    case RLE8: return head->bits == 8 && !head->is_top_down;
    case RLE4: return head->bits == 4 && !head->is_top_down;
    case BITFIELDS:
    case ALPHA_BITFIELDS: return head->bits == 16 || head->bits == 32;
    default: return 0;
    }
}

static int read_head(const qdoc_image_source *source, head *head, char *message) {
    memset(head, 0, sizeof *head);
    uint32_t size = number(source, 14, 4);
    if (source->count < 26 || size < 12 || size > source->count - 14) {
        return qdoc_image_fail(message, QDOC_IMAGE_DAMAGED, "it ends in its header");
    }
    head->offset = number(source, 10, 4);
    if (size == 12) {
        head->width = number(source, 18, 2);
        head->height = number(source, 20, 2);
        head->bits = number(source, 24, 2);
        read_colours(source, head, 26, head->bits <= 8 ? 1u << head->bits : 0, 3);
    } else {
        if (size < 40) return qdoc_image_fail(message, QDOC_IMAGE_UNSUPPORTED, "its header is of no known kind");
        head->width = number(source, 18, 4);
        uint32_t height = number(source, 22, 4);
        head->is_top_down = height >> 31 != 0;
        head->height = head->is_top_down ? 0u - height : height;
        head->bits = number(source, 28, 2);
        head->compression = number(source, 30, 4);
        head->dots_per_inch = number(source, 38, 4) * 0.0254;
        int is_masked = head->compression == BITFIELDS || head->compression == ALPHA_BITFIELDS;
        int masks = head->compression == ALPHA_BITFIELDS || size >= 56 ? 4 : 3;
        for (int i = 0; i < masks && is_masked; i++) head->masks[i] = number(source, 54 + 4 * (size_t)i, 4);
        uint32_t used = number(source, 46, 4), most = head->bits <= 8 ? 1u << head->bits : 0;
        size_t after = 14 + (size_t)size + (size == 40 && is_masked ? 4 * (size_t)masks : 0);
        read_colours(source, head, after, used == 0 || used > most ? most : used, 4);
    }
    if (!is_known(head)) return qdoc_image_fail(message, QDOC_IMAGE_UNSUPPORTED, "its pixels are stored in a way that is not read");
    if (head->compression == RGB && head->bits == 16) memcpy(head->masks, (uint32_t[4]){0x7C00, 0x3E0, 0x1F, 0}, 16);
    if (head->compression == RGB && head->bits == 32) memcpy(head->masks, (uint32_t[4]){0xFF0000, 0xFF00, 0xFF, 0}, 16);
    if (!head->width || !head->height || head->width > INT32_MAX || head->height > INT32_MAX) {
        return qdoc_image_fail(message, QDOC_IMAGE_DAMAGED, "it has no pixels");
    }
    return QDOC_IMAGE_OK;
}

int qdoc_bmp_header(const qdoc_image_source *source, qdoc_image_header *header, char *message) {
    head head;
    int status = read_head(source, &head, message);
    if (status != QDOC_IMAGE_OK) return status;
    header->width = head.width;
    header->height = head.height;
    header->dots_per_inch = head.dots_per_inch;
    return QDOC_IMAGE_OK;
}

static uint8_t masked(uint32_t value, uint32_t mask) {
    if (!mask) return 0;
    uint32_t most = mask >> __builtin_ctz(mask);
    return (uint8_t)(((uint64_t)((value & mask) >> __builtin_ctz(mask)) * 255 + most / 2) / most);
}

static void put_row(const head *head, const uint8_t *in, uint8_t *row) {
    for (uint32_t x = 0; x < head->width; x++, row += 4) {
        if (head->bits == 24) {
            memcpy(row, in + (size_t)x * 3, 3);
        } else if (head->bits > 8) {
            const uint8_t *at = in + (size_t)x * (head->bits / 8);
            uint32_t value = at[0] | (uint32_t)at[1] << 8;
            if (head->bits == 32) value |= (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
            for (int c = 0; c < 3; c++) row[c] = masked(value, head->masks[2 - c]);
            if (head->masks[3]) {
                row[3] = masked(value, head->masks[3]);
                continue;
            }
        } else {
            uint32_t per = 8 / head->bits, shift = 8 - head->bits * (x % per + 1);
            memcpy(row, head->colours[in[x / per] >> shift & ((1u << head->bits) - 1)], 4);
        }
        row[3] = 0xFF;
    }
}

// Pairs of a count and an index, or of zero and a command: 0 ends the row, 1 the image, 2 moves, others are followed by so many indices.
static int expand(const qdoc_image_source *source, const head *head, uint8_t *indices) {
    const int is_half = head->compression == RLE4;
    size_t at = head->offset;
    uint32_t x = 0, y = 0;
    while (at + 2 <= source->count) {
        uint32_t count = source->bytes[at], value = source->bytes[at + 1];
        at += 2;
        if (count == 0 && value == 1) return 1;
        if (count == 0 && value == 0) {
            x = 0;
            y++;
            continue;
        }
        if (count == 0 && value == 2) {
            if (at + 2 > source->count) return 0;
            x += source->bytes[at];
            y += source->bytes[at + 1];
            at += 2;
            continue;
        }
        uint32_t length = count ? count : value;
        size_t stored = count ? 0 : is_half ? (length + 1) / 2 : length;
        if (stored > source->count - at) return 0;
        for (uint32_t i = 0; i < length; i++, x++) {
            uint8_t byte = count ? (uint8_t)value : source->bytes[at + (is_half ? i / 2 : i)];
            if (is_half) byte = i % 2 ? byte & 15 : byte >> 4;
            // What runs over the edge is dropped, as other readers do.
            if (x < head->width && y < head->height) indices[(size_t)y * head->width + x] = byte;
        }
        at += stored + stored % 2;
    }
    // A last row without its end mark is whole all the same.
    return y + 1 >= head->height && x >= head->width;
}

int qdoc_bmp_decode(const qdoc_image_source *source, const qdoc_image_target *target, char *message) {
    head head;
    int status = read_head(source, &head, message);
    if (status != QDOC_IMAGE_OK) return status;
    if ((uint64_t)head.width * head.height > QDOC_MAX_PIXELS) return QDOC_IMAGE_TOO_LARGE;
    int is_run = head.compression == RLE8 || head.compression == RLE4;
    size_t stride = ((size_t)head.width * head.bits + 31) / 32 * 4;
    if (head.offset > source->count || (!is_run && (source->count - head.offset) / stride < head.height)) {
        return qdoc_image_fail(message, QDOC_IMAGE_DAMAGED, "it ends before its last row");
    }
    uint8_t *indices = is_run ? calloc(head.width, head.height) : NULL;
    uint8_t *row = malloc((size_t)head.width * 4);
    qdoc_area area;
    if (!qdoc_area_begin(&area, target, head.width, head.height, 1, NULL) || !row || (is_run && !indices)) {
        status = QDOC_IMAGE_NO_MEMORY;
    } else if (is_run && !expand(source, &head, indices)) {
        status = qdoc_image_fail(message, QDOC_IMAGE_DAMAGED, "it ends before its last row");
    } else {
        const uint8_t *first = is_run ? indices : source->bytes + head.offset;
        if (is_run) {
            head.bits = 8;
            stride = head.width;
        }
        for (uint32_t y = 0; y < head.height; y++) {
            put_row(&head, first + stride * (head.is_top_down ? y : head.height - 1 - y), row);
            if (head.masks[3]) qdoc_on_white(row, head.width);
            qdoc_area_row(&area, row);
        }
    }
    qdoc_area_end(&area);
    free(indices);
    free(row);
    return status;
}
