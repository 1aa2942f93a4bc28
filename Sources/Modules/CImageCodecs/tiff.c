#include "codecs.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

typedef struct {
    const qdoc_image_source *source;
    uint64_t offset;
    // Set by the first error.
    char *message;
    int has_message;
} input;

// A strip of a page of 100 million pixels, 4 bytes each, fits in; what asks for more is a bomb or needs more than a worker has.
enum { BLOCK_BYTES = 512 << 20 };

static tmsize_t on_read(thandle_t handle, void *out, tmsize_t count) {
    input *in = handle;
    if (count < 0 || in->offset >= in->source->count) return 0;
    uint64_t left = in->source->count - in->offset;
    uint64_t taken = (uint64_t)count < left ? (uint64_t)count : left;
    memcpy(out, in->source->bytes + in->offset, taken);
    in->offset += taken;
    return (tmsize_t)taken;
}

static tmsize_t on_write(thandle_t handle, void *bytes, tmsize_t count) {
    (void)handle, (void)bytes, (void)count;
    return 0;
}

static toff_t on_seek(thandle_t handle, toff_t offset, int whence) {
    input *in = handle;
    in->offset = whence == SEEK_CUR ? in->offset + offset : whence == SEEK_END ? in->source->count + offset : offset;
    return in->offset;
}

static int on_close(thandle_t handle) {
    (void)handle;
    return 0;
}

static toff_t on_size(thandle_t handle) { return ((input *)handle)->source->count; }

static int on_error(TIFF *file, void *context, const char *module, const char *format, va_list arguments) {
    (void)file, (void)module;
    input *in = context;
    if (!in->has_message) vsnprintf(in->message, QDOC_IMAGE_MESSAGE, format, arguments);
    in->has_message = 1;
    return 1;
}

static int on_warning(TIFF *file, void *context, const char *module, const char *format, va_list arguments) {
    (void)file, (void)context, (void)module, (void)format, (void)arguments;
    return 1;
}

// Opens the directory of the page.
static TIFF *open_page(input *in) {
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (!options) return NULL;
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, BLOCK_BYTES);
    TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, in);
    TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, in);
    // Read; no directory yet; no mapping of files.
    TIFF *file = TIFFClientOpenExt("image", "rhm", in, on_read, on_write, on_seek, on_close, on_size, NULL, NULL, options);
    TIFFOpenOptionsFree(options);
    if (file && !TIFFSetSubDirectory(file, in->source->directory)) {
        TIFFClose(file);
        return NULL;
    }
    return file;
}

static int failed(input *in, int status, const char *otherwise) {
    if (!in->has_message) return qdoc_image_fail(in->message, status, otherwise);
    // libtiff says in words alone that a block is over BLOCK_BYTES.
    return strstr(in->message, "beyond the") ? QDOC_IMAGE_NO_MEMORY : status;
}

int qdoc_tiff_header(const qdoc_image_source *source, qdoc_image_header *header, char *message) {
    input in = {.source = source, .message = message};
    TIFF *file = open_page(&in);
    if (!file) return failed(&in, QDOC_IMAGE_DAMAGED, "its directory cannot be read");
    uint16_t orientation = 1, unit = RESUNIT_INCH;
    float resolution = 0;
    TIFFGetField(file, TIFFTAG_IMAGEWIDTH, &header->width);
    TIFFGetField(file, TIFFTAG_IMAGELENGTH, &header->height);
    TIFFGetFieldDefaulted(file, TIFFTAG_ORIENTATION, &orientation);
    TIFFGetFieldDefaulted(file, TIFFTAG_RESOLUTIONUNIT, &unit);
    if (orientation >= 1 && orientation <= 8) header->orientation = orientation;
    if (TIFFGetField(file, TIFFTAG_XRESOLUTION, &resolution) && resolution > 0) {
        if (unit == RESUNIT_INCH) header->dots_per_inch = resolution;
        if (unit == RESUNIT_CENTIMETER) header->dots_per_inch = resolution * 2.54;
    }
    TIFFClose(file);
    return QDOC_IMAGE_OK;
}

typedef struct {
    uint32_t width, height;
    uint16_t bits, samples, photometric;
} shape;

static qdoc_space space_of(const shape *shape) {
    if (shape->photometric == PHOTOMETRIC_SEPARATED) return QDOC_SPACE_CMYK;
    return shape->photometric == PHOTOMETRIC_MINISBLACK || shape->photometric == PHOTOMETRIC_MINISWHITE ? QDOC_SPACE_GRAY : QDOC_SPACE_RGB;
}

// Whether rows are read one by one: most scans; everything else goes through libtiff's conversion to RGBA, strip by strip.
static int has_plain_rows(TIFF *file, shape *shape) {
    uint16_t planar = PLANARCONFIG_CONTIG, format = SAMPLEFORMAT_UINT, compression = COMPRESSION_NONE, ink = INKSET_CMYK;
    shape->bits = shape->samples = 1;
    TIFFGetField(file, TIFFTAG_IMAGEWIDTH, &shape->width);
    TIFFGetField(file, TIFFTAG_IMAGELENGTH, &shape->height);
    TIFFGetFieldDefaulted(file, TIFFTAG_BITSPERSAMPLE, &shape->bits);
    TIFFGetFieldDefaulted(file, TIFFTAG_SAMPLESPERPIXEL, &shape->samples);
    TIFFGetFieldDefaulted(file, TIFFTAG_PLANARCONFIG, &planar);
    TIFFGetFieldDefaulted(file, TIFFTAG_SAMPLEFORMAT, &format);
    TIFFGetFieldDefaulted(file, TIFFTAG_COMPRESSION, &compression);
    TIFFGetFieldDefaulted(file, TIFFTAG_INKSET, &ink);
    shape->photometric = PHOTOMETRIC_YCBCR;
    TIFFGetField(file, TIFFTAG_PHOTOMETRIC, &shape->photometric);
    if (TIFFIsTiled(file) || format > SAMPLEFORMAT_UINT || compression == COMPRESSION_JPEG || compression == COMPRESSION_OJPEG) return 0;
    if (planar != PLANARCONFIG_CONTIG && shape->samples > 1) return 0;
    switch (shape->photometric) {
    case PHOTOMETRIC_MINISBLACK:
    case PHOTOMETRIC_MINISWHITE: return shape->samples == 1 && (shape->bits == 1 || shape->bits == 8 || shape->bits == 16);
    case PHOTOMETRIC_RGB: return shape->samples == 3 && (shape->bits == 8 || shape->bits == 16);
    case PHOTOMETRIC_SEPARATED: return shape->samples == 4 && (shape->bits == 8 || shape->bits == 16) && ink == INKSET_CMYK;
    default: return 0;
    }
}

static uint8_t sample(const uint8_t *in, size_t index, int is_wide) {
    if (!is_wide) return in[index];
    uint16_t value;
    memcpy(&value, in + index * 2, 2);
    return qdoc_narrow(value);
}

// Makes BGRX of a stored row, or the four inks as they are where a profile takes them.
static void convert(const shape *shape, const uint8_t *in, uint8_t *row, int keeps_inks) {
    const int is_wide = shape->bits == 16;
    const uint8_t flip = shape->photometric == PHOTOMETRIC_MINISWHITE ? 0xFF : 0;
    for (size_t x = 0; x < shape->width; x++, row += 4) {
        if (shape->bits == 1) {
            memset(row, (uint8_t)((in[x / 8] >> (7 - x % 8) & 1 ? 0xFF : 0) ^ flip), 3);
        } else if (shape->samples == 1) {
            memset(row, sample(in, x, is_wide) ^ flip, 3);
        } else if (shape->samples == 3) {
            for (size_t c = 0; c < 3; c++) row[2 - c] = sample(in, x * 3 + c, is_wide);
        } else {
            unsigned white = 255u - sample(in, x * 4 + 3, is_wide);
            for (size_t c = 0; c < 3; c++) {
                uint8_t ink = sample(in, x * 4 + c, is_wide);
                if (keeps_inks) row[c] = ink;
                else row[2 - c] = (uint8_t)(((255u - ink) * white + 127) / 255);
            }
            row[3] = keeps_inks ? (uint8_t)(255u - white) : 0xFF;
            continue;
        }
        row[3] = 0xFF;
    }
}

static int read_rows(TIFF *file, const shape *shape, qdoc_area *area) {
    uint8_t *in = malloc((size_t)TIFFScanlineSize(file)), *row = malloc((size_t)shape->width * 4);
    int status = in && row ? QDOC_IMAGE_OK : QDOC_IMAGE_NO_MEMORY;
    // A directory that states fewer bits than its codec gives would be read beyond the row.
    if ((uint64_t)TIFFScanlineSize(file) < ((uint64_t)shape->width * shape->bits * shape->samples + 7) / 8) status = QDOC_IMAGE_DAMAGED;
    for (uint32_t y = 0; y < shape->height && status == QDOC_IMAGE_OK && !qdoc_area_is_done(area); y++) {
        if (TIFFReadScanline(file, in, y, 0) < 0) {
            status = QDOC_IMAGE_DAMAGED;
        } else {
            convert(shape, in, row, area->colour != NULL);
            qdoc_area_row(area, row);
        }
    }
    free(in);
    free(row);
    return status;
}

// Colours come multiplied by their opacity.
static void premultiplied_on_white(uint32_t *row, uint32_t width) {
    uint8_t *out = (uint8_t *)row;
    for (uint32_t x = 0; x < width; x++, out += 4) {
        unsigned white = 255u - TIFFGetA(row[x]);
        unsigned parts[3] = {TIFFGetB(row[x]) + white, TIFFGetG(row[x]) + white, TIFFGetR(row[x]) + white};
        for (int c = 0; c < 3; c++) out[c] = parts[c] > 255 ? 255 : (uint8_t)parts[c];
        out[3] = 0xFF;
    }
}

static int read_converted(TIFF *file, const shape *shape, qdoc_area *area, char *message) {
    char reason[1024] = "";
    TIFFRGBAImage image;
    if (!TIFFRGBAImageOK(file, reason) || !TIFFRGBAImageBegin(&image, file, 1, reason)) {
        return qdoc_image_fail(message, QDOC_IMAGE_UNSUPPORTED, reason);
    }
    // Turning is the caller's.
    image.req_orientation = image.orientation;
    uint32_t band = shape->height;
    if (TIFFIsTiled(file)) TIFFGetField(file, TIFFTAG_TILELENGTH, &band);
    else TIFFGetFieldDefaulted(file, TIFFTAG_ROWSPERSTRIP, &band);
    if (band == 0 || band > shape->height) band = shape->height;
    uint32_t *rows = malloc((size_t)shape->width * band * 4);
    int status = rows ? QDOC_IMAGE_OK : QDOC_IMAGE_NO_MEMORY;
    for (uint32_t y = 0; y < shape->height && status == QDOC_IMAGE_OK && !qdoc_area_is_done(area); y += band) {
        uint32_t count = shape->height - y < band ? shape->height - y : band;
        image.row_offset = (int)y;
        image.col_offset = 0;
        if (!TIFFRGBAImageGet(&image, rows, shape->width, count)) {
            status = QDOC_IMAGE_DAMAGED;
            break;
        }
        for (uint32_t i = 0; i < count; i++) {
            uint32_t *row = rows + (size_t)i * shape->width;
            premultiplied_on_white(row, shape->width);
            qdoc_area_row(area, (const uint8_t *)row);
        }
    }
    free(rows);
    TIFFRGBAImageEnd(&image);
    return status;
}

int qdoc_tiff_decode(const qdoc_image_source *source, const qdoc_image_target *target, char *message) {
    input in = {.source = source, .message = message};
    TIFF *file = open_page(&in);
    if (!file) return failed(&in, QDOC_IMAGE_DAMAGED, "its directory cannot be read");
    shape shape = {0};
    int is_plain = has_plain_rows(file, &shape), status = QDOC_IMAGE_OK;
    uint32_t count = 0;
    void *profile = NULL;
    qdoc_colour *colour = NULL;
    // Inks that libtiff has made RGB of already are past their profile.
    if (target->follows_profile && (is_plain || space_of(&shape) != QDOC_SPACE_CMYK) &&
        TIFFGetField(file, TIFFTAG_ICCPROFILE, &count, &profile)) {
        colour = qdoc_colour_open(profile, count, space_of(&shape));
    }
    qdoc_area area;
    if ((uint64_t)shape.width * shape.height > QDOC_MAX_PIXELS || shape.width == 0 || shape.height == 0) {
        qdoc_colour_close(colour);
        TIFFClose(file);
        return qdoc_image_fail(message, QDOC_IMAGE_TOO_LARGE, "its pixels are too many, or none");
    }
    if (!qdoc_area_begin(&area, target, shape.width, shape.height, 1, colour)) status = QDOC_IMAGE_NO_MEMORY;
    else status = is_plain ? read_rows(file, &shape, &area) : read_converted(file, &shape, &area, message);
    if (status == QDOC_IMAGE_DAMAGED) status = failed(&in, status, "its pixels cannot be decoded");
    qdoc_area_end(&area);
    TIFFClose(file);
    return status;
}
