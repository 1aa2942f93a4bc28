#ifndef QDOC_COLOUR_H
#define QDOC_COLOUR_H
#include <stddef.h>
#include <stdint.h>

// Brings rows of four bytes a pixel to sRGB by an embedded ICC profile.

typedef enum {
    /// Blue, green and red alike.
    QDOC_SPACE_GRAY,
    QDOC_SPACE_RGB,
    /// Cyan, magenta, yellow, black: 255 is full ink.
    QDOC_SPACE_CMYK,
    /// As Adobe stores it: 255 is no ink.
    QDOC_SPACE_CMYK_INVERTED,
} qdoc_space;

/// The largest profiles in use (CMYK with fine tables) are about 2 MB; a larger one is not followed.
enum { QDOC_PROFILE_BYTES = 4 << 20 };

typedef struct qdoc_colour qdoc_colour;

/// Returns NULL where colours stay as they are: the profile is sRGB, is broken, or describes another space.
qdoc_colour *qdoc_colour_open(const uint8_t *profile, size_t count, qdoc_space space);
/// Makes BGRX of a row, in place.
void qdoc_colour_row(const qdoc_colour *colour, uint8_t *row, uint32_t width);
void qdoc_colour_close(qdoc_colour *colour);
#endif
