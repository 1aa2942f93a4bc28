#include "colour.h"
#include <lcms2.h>
#include <stdlib.h>
#include <string.h>

struct qdoc_colour {
    cmsHTRANSFORM transform;
};

static cmsUInt32Number layout(qdoc_space space) {
    switch (space) {
    case QDOC_SPACE_GRAY: return COLORSPACE_SH(PT_GRAY) | EXTRA_SH(3) | CHANNELS_SH(1) | BYTES_SH(1);
    case QDOC_SPACE_RGB: return TYPE_BGRA_8;
    case QDOC_SPACE_CMYK: return TYPE_CMYK_8;
    case QDOC_SPACE_CMYK_INVERTED: return TYPE_CMYK_8_REV;
    }
    return 0;
}

static cmsColorSpaceSignature signature(qdoc_space space) {
    return space == QDOC_SPACE_GRAY ? cmsSigGrayData : space == QDOC_SPACE_RGB ? cmsSigRgbData : cmsSigCmykData;
}

// Most profiles in photographs are sRGB in one of its spellings. Looked at on a grid of 9 levels a channel: 729 colours.
static int changes_little(cmsHTRANSFORM transform) {
    enum { LEVELS = 9, COLOURS = LEVELS * LEVELS * LEVELS };
    uint8_t before[COLOURS * 4], after[COLOURS * 4];
    for (int i = 0; i < COLOURS; i++) {
        before[i * 4] = (uint8_t)(i % LEVELS * 255 / (LEVELS - 1));
        before[i * 4 + 1] = (uint8_t)(i / LEVELS % LEVELS * 255 / (LEVELS - 1));
        before[i * 4 + 2] = (uint8_t)(i / LEVELS / LEVELS * 255 / (LEVELS - 1));
        before[i * 4 + 3] = 0xFF;
    }
    memcpy(after, before, sizeof after);
    cmsDoTransform(transform, before, after, COLOURS);
    for (int i = 0; i < COLOURS * 4; i++) {
        if (i % 4 != 3 && abs(before[i] - after[i]) > 1) return 0;
    }
    return 1;
}

qdoc_colour *qdoc_colour_open(const uint8_t *profile, size_t count, qdoc_space space) {
    if (!profile || count == 0 || count > QDOC_PROFILE_BYTES) return NULL;
    cmsHPROFILE from = cmsOpenProfileFromMem(profile, (cmsUInt32Number)count);
    if (!from) return NULL;
    cmsHPROFILE to = cmsCreate_sRGBProfile();
    cmsHTRANSFORM transform = NULL;
    if (to && cmsGetColorSpace(from) == signature(space)) {
        // What a reader shows by default.
        transform = cmsCreateTransform(from, layout(space), to, TYPE_BGRA_8, INTENT_PERCEPTUAL, 0);
    }
    cmsCloseProfile(from);
    if (to) cmsCloseProfile(to);
    if (transform && space == QDOC_SPACE_RGB && changes_little(transform)) {
        cmsDeleteTransform(transform);
        transform = NULL;
    }
    if (!transform) return NULL;
    qdoc_colour *colour = malloc(sizeof *colour);
    if (!colour) {
        cmsDeleteTransform(transform);
        return NULL;
    }
    colour->transform = transform;
    return colour;
}

void qdoc_colour_row(const qdoc_colour *colour, uint8_t *row, uint32_t width) { cmsDoTransform(colour->transform, row, row, width); }

void qdoc_colour_close(qdoc_colour *colour) {
    if (!colour) return;
    cmsDeleteTransform(colour->transform);
    free(colour);
}
