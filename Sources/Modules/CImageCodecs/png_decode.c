#include "codecs.h"
#include <isa-l.h>
#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const uint8_t *bytes;
    size_t count, offset;
    char *message;
    // Set when all rows but the last are read: data beyond the last row does no harm.
    int is_at_end;
} input;

static void on_error(png_structp png, png_const_charp text) {
    input *source = png_get_error_ptr(png);
    snprintf(source->message, QDOC_IMAGE_MESSAGE, "%s", text);
    longjmp(png_jmpbuf(png), 1);
}

static void on_warning(png_structp png, png_const_charp text) {
    input *source = png_get_error_ptr(png);
    int is_surplus = strstr(text, "Too much image data") || strstr(text, "Extra compressed data");
    if (source->is_at_end && !is_surplus) png_error(png, text);
}

static void on_read(png_structp png, png_bytep out, size_t count) {
    input *source = png_get_io_ptr(png);
    if (count > source->count - source->offset) png_error(png, "it ends too early");
    memcpy(out, source->bytes + source->offset, count);
    source->offset += count;
}

// Ancillary chunks may ask for this much memory each: the largest ICC profiles in use are about 2 MB.
enum { CHUNK_BYTES = 4 << 20, CHUNKS = 256, SIDE = 65500 };

// The profile is taken as it stands, without libpng's checks: an image whose profile is broken is shown without it.
static const png_byte PROFILE_CHUNK[] = "iCCP";

static png_structp open_png(input *source, png_infop *info) {
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, source, on_error, on_warning);
    if (!png) return NULL;
    *info = png_create_info_struct(png);
    if (!*info) {
        png_destroy_read_struct(&png, NULL, NULL);
        return NULL;
    }
    png_set_read_fn(png, source, on_read);
    png_set_user_limits(png, SIDE, SIDE);
    png_set_chunk_malloc_max(png, CHUNK_BYTES);
    png_set_chunk_cache_max(png, CHUNKS);
    // What libpng would only warn of (a bomb in a text chunk, a wrong checksum) is an error.
    png_set_benign_errors(png, 0);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_ALWAYS, PROFILE_CHUNK, 1);
    return png;
}

// Source: PNG (ISO/IEC 15948) 11.3.3.3: a name, a zero, the method (0), then zlib.
static qdoc_colour *profile(png_structp png, png_infop info) {
    png_unknown_chunkp chunks = NULL;
    int count = png_get_unknown_chunks(png, info, &chunks);
    if (png_get_valid(png, info, PNG_INFO_sRGB)) return NULL;
    for (int i = 0; i < count; i++) {
        if (memcmp(chunks[i].name, PROFILE_CHUNK, 4) != 0) continue;
        const png_byte *end = memchr(chunks[i].data, 0, chunks[i].size);
        size_t head = end ? (size_t)(end - chunks[i].data) + 2 : 0;
        uint8_t *bytes = head && head < chunks[i].size ? malloc(QDOC_PROFILE_BYTES) : NULL;
        struct inflate_state *state = malloc(sizeof *state);
        qdoc_colour *colour = NULL;
        if (bytes && state) {
            isal_inflate_init(state);
            state->crc_flag = ISAL_ZLIB;
            state->next_in = (uint8_t *)chunks[i].data + head;
            state->avail_in = (uint32_t)(chunks[i].size - head);
            state->next_out = bytes;
            state->avail_out = QDOC_PROFILE_BYTES;
            int is_whole = isal_inflate(state) == ISAL_DECOMP_OK && state->block_state == ISAL_BLOCK_FINISH;
            int is_gray = (png_get_color_type(png, info) & PNG_COLOR_MASK_COLOR) == 0;
            if (is_whole) colour = qdoc_colour_open(bytes, state->total_out, is_gray ? QDOC_SPACE_GRAY : QDOC_SPACE_RGB);
        }
        free(bytes);
        free(state);
        return colour;
    }
    return NULL;
}

int qdoc_png_header(const qdoc_image_source *image, qdoc_image_header *header, char *message) {
    input source = {.bytes = image->bytes, .count = image->count, .message = message};
    png_infop info = NULL;
    png_structp png = open_png(&source, &info);
    if (!png) return QDOC_IMAGE_NO_MEMORY;
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_read_struct(&png, &info, NULL);
        return strstr(message, "limit") ? QDOC_IMAGE_TOO_LARGE : QDOC_IMAGE_DAMAGED;
    }
    png_read_info(png, info);
    header->width = png_get_image_width(png, info);
    header->height = png_get_image_height(png, info);
    png_bytep exif = NULL;
    png_uint_32 exif_count = 0;
    if (png_get_eXIf_1(png, info, &exif_count, &exif)) header->orientation = qdoc_exif_orientation(exif, exif_count);
    header->dots_per_inch = png_get_x_pixels_per_meter(png, info) * 0.0254;
    png_destroy_read_struct(&png, &info, NULL);
    return QDOC_IMAGE_OK;
}

int qdoc_png_decode(const qdoc_image_source *image, const qdoc_image_target *target, char *message) {
    input source = {.bytes = image->bytes, .count = image->count, .message = message};
    png_infop info = NULL;
    png_structp png = open_png(&source, &info);
    if (!png) return QDOC_IMAGE_NO_MEMORY;
    // Changed between setjmp and longjmp.
    qdoc_area *volatile area = calloc(1, sizeof(qdoc_area));
    uint8_t *volatile rows = NULL;
    volatile int status = QDOC_IMAGE_DAMAGED;
    if (area && !setjmp(png_jmpbuf(png))) {
        png_read_info(png, info);
        uint32_t width = png_get_image_width(png, info), height = png_get_image_height(png, info);
        png_set_expand(png);
        png_set_scale_16(png);
        png_set_gray_to_rgb(png);
        png_set_bgr(png);
        png_set_filler(png, 0xFF, PNG_FILLER_AFTER);
        int passes = png_set_interlace_handling(png);
        png_read_update_info(png, info);
        size_t stride = (size_t)width * 4;
        // An interlaced image has its last row only at its end: it is held whole.
        rows = png_get_rowbytes(png, info) == stride ? calloc(passes > 1 ? height : 1, stride) : NULL;
        qdoc_colour *colour = target->follows_profile ? profile(png, info) : NULL;
        if (!qdoc_area_begin(area, target, width, height, 1, colour) || !rows) {
            status = QDOC_IMAGE_NO_MEMORY;
        } else {
            for (int pass = 0; pass < passes - 1; pass++) {
                for (uint32_t y = 0; y < height; y++) png_read_row(png, rows + y * stride, NULL);
            }
            for (uint32_t y = 0; y < height; y++) {
                uint8_t *row = passes > 1 ? rows + y * stride : rows;
                if (y == height - 1) {
                    source.is_at_end = 1;
                    png_set_benign_errors(png, 1);
                }
                png_read_row(png, row, NULL);
                qdoc_on_white(row, width);
                qdoc_area_row(area, row);
            }
            png_read_end(png, NULL);
            status = QDOC_IMAGE_OK;
        }
    }
    if (area) qdoc_area_end(area);
    else status = QDOC_IMAGE_NO_MEMORY;
    free(area);
    free(rows);
    png_destroy_read_struct(&png, &info, NULL);
    return status;
}
