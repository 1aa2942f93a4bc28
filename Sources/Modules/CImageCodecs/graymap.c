#include "codecs.h"
#include <stdlib.h>

// Portable graymaps and pixmaps in their binary form. Source: Netpbm, pgm(5) and ppm(5).

typedef struct {
    uint32_t width, height, most;
    int channels;
    // Where the pixels begin.
    size_t offset;
} head;

// A number in decimals after blanks and comments; 0 where there is none or it is over a million.
static uint32_t number(const qdoc_image_source *source, size_t *at) {
    while (*at < source->count) {
        uint8_t byte = source->bytes[*at];
        if (byte == '#') {
            while (*at < source->count && source->bytes[*at] != '\n') ++*at;
        } else if (byte == ' ' || (byte >= '\t' && byte <= '\r')) {
            ++*at;
        } else {
            break;
        }
    }
    uint32_t value = 0;
    for (; *at < source->count && source->bytes[*at] >= '0' && source->bytes[*at] <= '9'; ++*at) {
        value = value * 10 + (source->bytes[*at] - '0');
        if (value > 1000000) return 0;
    }
    return value;
}

static int read_head(const qdoc_image_source *source, head *head, char *message) {
    if (source->count < 2) return qdoc_image_fail(message, QDOC_IMAGE_DAMAGED, "it ends in its header");
    size_t at = 2;
    head->channels = source->bytes[1] == '6' ? 3 : 1;
    head->width = number(source, &at);
    head->height = number(source, &at);
    head->most = number(source, &at);
    head->offset = at + 1;
    if (!head->width || !head->height || !head->most || head->most > 65535) {
        return qdoc_image_fail(message, QDOC_IMAGE_DAMAGED, "its header is not in order");
    }
    return QDOC_IMAGE_OK;
}

int qdoc_graymap_header(const qdoc_image_source *source, qdoc_image_header *header, char *message) {
    head head;
    int status = read_head(source, &head, message);
    if (status != QDOC_IMAGE_OK) return status;
    header->width = head.width;
    header->height = head.height;
    return QDOC_IMAGE_OK;
}

int qdoc_graymap_decode(const qdoc_image_source *source, const qdoc_image_target *target, char *message) {
    head head;
    int status = read_head(source, &head, message);
    if (status != QDOC_IMAGE_OK) return status;
    unsigned sample = head.most > 255 ? 2 : 1;
    size_t pixel = (size_t)head.channels * sample, stride = head.width * pixel;
    if (head.offset > source->count || (source->count - head.offset) / stride < head.height) {
        return qdoc_image_fail(message, QDOC_IMAGE_DAMAGED, "it ends before its last row");
    }
    uint8_t *row = malloc((size_t)head.width * 4);
    qdoc_area area;
    if (!qdoc_area_begin(&area, target, head.width, head.height, 1, NULL) || !row) {
        status = QDOC_IMAGE_NO_MEMORY;
    } else {
        const uint8_t *in = source->bytes + head.offset;
        for (uint32_t y = 0; y < head.height; y++) {
            for (uint32_t x = 0; x < head.width; x++, in += pixel) {
                for (int c = 0; c < 3; c++) {
                    // Red comes first in the file.
                    const uint8_t *at = in + (head.channels == 3 ? (size_t)(2 - c) * sample : 0);
                    uint32_t value = sample == 2 ? (uint32_t)at[0] << 8 | at[1] : at[0];
                    if (value > head.most) value = head.most;
                    row[(size_t)x * 4 + (size_t)c] = (uint8_t)((value * 255 + head.most / 2) / head.most);
                }
                row[(size_t)x * 4 + 3] = 0xFF;
            }
            qdoc_area_row(&area, row);
        }
    }
    qdoc_area_end(&area);
    free(row);
    return status;
}
