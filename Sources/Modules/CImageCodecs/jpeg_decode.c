#include "jpeg_errors.h"
#include "codecs.h"
#include <jerror.h>
#include <stdlib.h>
#include <string.h>

// Bounds: an image of 100 million pixels in three full colours, stored progressively, needs 600 MB of coefficients; real files have at most
// 10 to 20 scans, and each may cost a pass over all of them.
enum { SCANS = 256, MEMORY = 700 << 20 };

// Rows that libjpeg gives in one call where colour is stored in half: two.
enum { ROWS = 2 };

// From this many stored pixels for one of the target on, colour is repeated and not smoothed.
static const double FANCY_BELOW = 1.2;

static void on_progress(j_common_ptr info) {
    if (info->is_decompressor && ((j_decompress_ptr)info)->input_scan_number > SCANS) {
        qdoc_jpeg_errors *state = (qdoc_jpeg_errors *)info->err;
        state->status = qdoc_image_fail(state->message, QDOC_IMAGE_TOO_LARGE, "it has more than 256 scans");
        longjmp(state->jump, 1);
    }
}

static void begin(struct jpeg_decompress_struct *info, const qdoc_image_source *source) {
    jpeg_create_decompress(info);
    info->mem->max_memory_to_use = MEMORY;
    jpeg_mem_src(info, source->bytes, source->count);
    jpeg_save_markers(info, JPEG_APP0 + 1, 0xFFFF);
}

int qdoc_jpeg_header(const qdoc_image_source *source, qdoc_image_header *header, char *message) {
    struct jpeg_decompress_struct info;
    qdoc_jpeg_errors state;
    qdoc_jpeg_watch(&state, &info.err, message);
    if (setjmp(state.jump)) {
        jpeg_destroy_decompress(&info);
        return state.status;
    }
    begin(&info, source);
    jpeg_read_header(&info, TRUE);
    header->width = info.image_width;
    header->height = info.image_height;
    for (jpeg_saved_marker_ptr marker = info.marker_list; marker; marker = marker->next) {
        if (header->orientation == 1) header->orientation = qdoc_exif_orientation(marker->data, marker->data_length);
    }
    // Units of JFIF: 1 is an inch, 2 a centimetre.
    if (info.saw_JFIF_marker && info.density_unit == 1) header->dots_per_inch = info.X_density;
    if (info.saw_JFIF_marker && info.density_unit == 2) header->dots_per_inch = info.X_density * 2.54;
    jpeg_destroy_decompress(&info);
    return state.is_cut ? qdoc_image_fail(message, QDOC_IMAGE_DAMAGED, "it ends in its header") : QDOC_IMAGE_OK;
}

// Adobe stores CMYK inverted; without its marker it is stored as it is.
static void cmyk_to_bgrx(uint8_t *row, uint32_t width, int is_inverted) {
    const unsigned flip = is_inverted ? 0 : 255;
    for (uint32_t x = 0; x < width; x++, row += 4) {
        unsigned c = row[0] ^ flip, m = row[1] ^ flip, y = row[2] ^ flip, k = row[3] ^ flip;
        row[0] = (uint8_t)((y * k + 127) / 255);
        row[1] = (uint8_t)((m * k + 127) / 255);
        row[2] = (uint8_t)((c * k + 127) / 255);
        row[3] = 0xFF;
    }
}

static qdoc_colour *profile(struct jpeg_decompress_struct *info, qdoc_space space) {
    JOCTET *bytes = NULL;
    unsigned count = 0;
    if (!jpeg_read_icc_profile(info, &bytes, &count)) return NULL;
    qdoc_colour *colour = qdoc_colour_open(bytes, count, space);
    free(bytes);
    return colour;
}

int qdoc_jpeg_decode(const qdoc_image_source *source, int denominator, const qdoc_image_target *target, char *message) {
    struct jpeg_decompress_struct info;
    struct jpeg_progress_mgr progress = {.progress_monitor = on_progress};
    qdoc_jpeg_errors state;
    // Changed between setjmp and longjmp.
    qdoc_area *volatile area = calloc(1, sizeof(qdoc_area));
    uint8_t *volatile rows = NULL;
    if (!area) return QDOC_IMAGE_NO_MEMORY;
    volatile int status = QDOC_IMAGE_DAMAGED;
    qdoc_jpeg_watch(&state, &info.err, message);
    if (setjmp(state.jump)) {
        status = state.status;
    } else {
        begin(&info, source);
        if (target->follows_profile) jpeg_save_markers(&info, JPEG_APP0 + 2, 0xFFFF);
        jpeg_read_header(&info, TRUE);
        info.progress = &progress;
        uint32_t stored_width = info.image_width;
        int is_cmyk = info.jpeg_color_space == JCS_CMYK || info.jpeg_color_space == JCS_YCCK;
        int is_inverted = info.saw_Adobe_marker;
        qdoc_space space = is_cmyk                                     ? (is_inverted ? QDOC_SPACE_CMYK_INVERTED : QDOC_SPACE_CMYK)
                           : info.jpeg_color_space == JCS_GRAYSCALE ? QDOC_SPACE_GRAY
                                                                       : QDOC_SPACE_RGB;
        info.out_color_space = is_cmyk ? JCS_CMYK : JCS_EXT_BGRX;
        info.scale_num = 1;
        info.scale_denom = (unsigned)denominator;
        // Smoothing colour between pixels that are averaged anyway is for nothing: 15 % of the time of a photograph.
        double ratio = (target->right - target->left) / target->width / denominator;
        info.do_fancy_upsampling = ratio < FANCY_BELOW;
        jpeg_start_decompress(&info);
        size_t stride = (size_t)info.output_width * 4;
        rows = malloc(stride * ROWS);
        double factor = (double)info.output_width / stored_width;
        qdoc_colour *colour = target->follows_profile ? profile(&info, space) : NULL;
        // With a profile the inks themselves are averaged.
        int is_plain_cmyk = is_cmyk && !colour;
        if (!qdoc_area_begin(area, target, info.output_width, info.output_height, factor, colour) || !rows) {
            status = QDOC_IMAGE_NO_MEMORY;
        } else {
            JSAMPROW starts[ROWS];
            for (int i = 0; i < ROWS; i++) starts[i] = rows + (size_t)i * stride;
            // A bomb that ends early makes libjpeg invent the rest row by row: stop there.
            while (info.output_scanline < info.output_height && !state.is_cut && !qdoc_area_is_done(area)) {
                unsigned got = jpeg_read_scanlines(&info, starts, ROWS);
                for (unsigned i = 0; i < got; i++) {
                    if (is_plain_cmyk) cmyk_to_bgrx(starts[i], info.output_width, is_inverted);
                    qdoc_area_row(area, starts[i]);
                }
            }
            status = QDOC_IMAGE_OK;
            if (state.is_cut) status = qdoc_image_fail(message, QDOC_IMAGE_DAMAGED, "it ends before its last row");
        }
    }
    jpeg_destroy_decompress(&info);
    qdoc_area_end(area);
    free(area);
    free(rows);
    return status;
}
