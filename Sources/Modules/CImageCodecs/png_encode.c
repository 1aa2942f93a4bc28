#include "CImageCodecs.h"
#include <isa-l.h>
#include <stdlib.h>
#include <string.h>

// libpng's own deflate takes 3 to 4 times as long for the same size; a PNG is a signature and four chunks.
// Source: PNG (ISO/IEC 15948) 5, 9.2 (filter type 2, Up).

enum { HEAD = 8 + 25, CHUNK = 12, FILTER_UP = 2 };

static uint8_t *put32(uint8_t *out, uint32_t value) {
    for (int i = 0; i < 4; i++) *out++ = (uint8_t)(value >> (24 - 8 * i));
    return out;
}

static uint8_t *end_chunk(uint8_t *type, size_t count) {
    put32(type - 4, (uint32_t)count);
    return put32(type + 4 + count, crc32_gzip_refl(0, type, count + 4));
}

static void up_gray(uint8_t *restrict out, const uint8_t *restrict row, const uint8_t *restrict above, uint32_t width) {
    for (uint32_t x = 0; x < width; x++) out[x] = (uint8_t)(row[x * 4] - above[x * 4]);
}

// Most of a page of text equals the row above: 8 such pixels at once are nothing to reckon.
static int is_unchanged(const uint8_t *row, const uint8_t *above) { return memcmp(row, above, 32) == 0; }

// Writes a byte beyond the row.
static void up_rgb(uint8_t *restrict out, const uint8_t *restrict row, const uint8_t *restrict above, uint32_t width) {
    uint32_t x = 0;
    while (x < width) {
        if (x + 8 <= width && is_unchanged(row + (size_t)x * 4, above + (size_t)x * 4)) {
            memset(out + (size_t)x * 3, 0, 24);
            x += 8;
            continue;
        }
        uint32_t end = x + 8 <= width ? x + 8 : width;
        for (; x < end; x++) {
            uint32_t a, b;
            memcpy(&a, row + (size_t)x * 4, 4);
            memcpy(&b, above + (size_t)x * 4, 4);
            // Four differences of bytes at once, none of which borrows from its neighbour.
            uint32_t difference = ((a | 0x80808080u) - (b & 0x7F7F7F7Fu)) ^ ((a ^ ~b) & 0x80808080u);
            uint32_t turned = __builtin_bswap32(difference) >> 8;
            memcpy(out + (size_t)x * 3, &turned, 4);
        }
    }
}

int qdoc_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height, size_t stride, int gray, size_t limit, uint8_t **out,
                    size_t *out_count) {
    size_t row_bytes = 1 + (size_t)width * (gray ? 1 : 3);
    size_t raw = row_bytes * height;
    // Stored blocks of 65,535 bytes with 5 bytes of head each are the worst that deflate writes; the slack is for small inputs.
    size_t bound = HEAD + 2 * CHUNK + raw + raw / 1000 + 4096;
    // A chunk's length has 31 bits.
    if (bound >= 0x7FFFFFFF) return QDOC_IMAGE_TOO_LARGE;
    uint8_t *file = malloc(bound), *filtered = malloc(row_bytes + 1), *zeros = calloc(width, 4), *level = malloc(ISAL_DEF_LVL1_DEFAULT);
    int status = QDOC_IMAGE_NO_MEMORY;
    if (file && filtered && zeros && level) {
        static const uint8_t signature[8] = {0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A};
        memcpy(file, signature, 8);
        uint8_t *type = file + 12;
        memcpy(type, "IHDR", 4);
        uint8_t *at = put32(put32(type + 4, width), height);
        at[0] = 8;
        at[1] = gray ? 0 : 2;
        at[2] = at[3] = at[4] = 0;
        type = end_chunk(type, 13) + 4;
        memcpy(type, "IDAT", 4);
        struct isal_zstream stream;
        isal_deflate_init(&stream);
        stream.level = 1;
        stream.level_buf = level;
        stream.level_buf_size = ISAL_DEF_LVL1_DEFAULT;
        stream.gzip_flag = IGZIP_ZLIB;
        stream.next_out = type + 4;
        stream.avail_out = (uint32_t)(bound - (size_t)(type + 4 - file) - 2 * CHUNK);
        status = QDOC_IMAGE_OK;
        filtered[0] = FILTER_UP;
        for (uint32_t y = 0; y < height && status == QDOC_IMAGE_OK; y++) {
            const uint8_t *row = pixels + y * stride, *above = y ? row - stride : zeros;
            (gray ? up_gray : up_rgb)(filtered + 1, row, above, width);
            stream.next_in = filtered;
            stream.avail_in = (uint32_t)row_bytes;
            stream.end_of_stream = y + 1 == height;
            if (isal_deflate(&stream) != COMP_OK || stream.avail_in > 0 || stream.total_out > limit) status = QDOC_IMAGE_TOO_LARGE;
        }
        if (stream.internal_state.state != ZSTATE_END) status = QDOC_IMAGE_TOO_LARGE;
        type = end_chunk(type, stream.total_out) + 4;
        memcpy(type, "IEND", 4);
        *out_count = (size_t)(end_chunk(type, 0) - file);
    }
    free(filtered);
    free(zeros);
    free(level);
    if (status != QDOC_IMAGE_OK) {
        free(file);
        return status;
    }
    uint8_t *shrunk = realloc(file, *out_count);
    *out = shrunk ? shrunk : file;
    return QDOC_IMAGE_OK;
}
