#include "CImageCodecs.h"
#include <stdlib.h>

// Blue and red against green: a step of this many of 255 is one between colours.
enum { COLOUR_STEP = 64 };

static int is_colour_edge(uint32_t pixel, uint32_t left) {
    int green = (int)(pixel >> 8 & 255) - (int)(left >> 8 & 255);
    int blue = (int)(pixel & 255) - (int)(left & 255) - green;
    int red = (int)(pixel >> 16 & 255) - (int)(left >> 16 & 255) - green;
    return abs(blue) >= COLOUR_STEP || abs(red) >= COLOUR_STEP;
}

qdoc_image_look qdoc_image_look_at(const uint8_t *pixels, uint32_t width, uint32_t height, size_t stride) {
    qdoc_image_look look = {.gray = 1};
    for (uint32_t y = 0; y < height; y++) {
        const uint32_t *row = (const uint32_t *)(pixels + y * stride);
        if (look.gray) {
            // Blue against green and green against red, in the two lowest bytes.
            uint32_t differences = 0;
            for (uint32_t x = 0; x < width; x++) differences |= row[x] ^ row[x] >> 8;
            look.gray = (differences & 0xFFFF) == 0;
        }
        if (y % 8 != 0 || width < 2) continue;
        uint32_t equal = 0, edges = 0;
        for (uint32_t x = 1; x < width; x++) {
            // Most pixels of most pages.
            if (((row[x] ^ row[x - 1]) & 0xFFFFFF) == 0) {
                equal++;
                continue;
            }
            edges += (uint32_t)is_colour_edge(row[x], row[x - 1]);
        }
        look.equal_left += equal;
        look.colour_edges += edges;
        look.seen += width - 1;
    }
    return look;
}

void qdoc_image_luma(const uint8_t *pixels, size_t count, uint8_t *out) {
    // In 1/65536, rounded; they make 65536 together, so that grey stays as it is.
    for (size_t i = 0; i < count; i++, pixels += 4) {
        out[i] = (uint8_t)((7471u * pixels[0] + 38470u * pixels[1] + 19595u * pixels[2] + 32768u) >> 16);
    }
}
