#include "area.h"
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jpeglib.h>
#include <jerror.h>

typedef struct {
    struct jpeg_error_mgr base;
    jmp_buf jump;
    char *message;
    int is_cut;
} errors;

static void on_error(j_common_ptr info) {
    errors *state = (errors *)info->err;
    char text[JMSG_LENGTH_MAX];
    info->err->format_message(info, text);
    snprintf(state->message, QDOC_IMAGE_MESSAGE, "%s", text);
    longjmp(state->jump, 1);
}

// A cut file is a warning to libjpeg, which fills the rest with grey.
static void on_message(j_common_ptr info, int level) {
    if (level < 0) info->err->num_warnings++;
    if (level < 0 && info->err->msg_code == JWRN_JPEG_EOF) ((errors *)info->err)->is_cut = 1;
}

static void on_output(j_common_ptr info) { (void)info; }

static void watch(errors *state, struct jpeg_error_mgr **slot, char *message) {
    memset(state, 0, sizeof *state);
    *slot = jpeg_std_error(&state->base);
    state->base.error_exit = on_error;
    state->base.emit_message = on_message;
    state->base.output_message = on_output;
    state->message = message;
}

static unsigned number(const uint8_t *bytes, int count, int little) {
    unsigned value = 0;
    for (int i = 0; i < count; i++) value |= (unsigned)bytes[i] << 8 * (little ? i : count - 1 - i);
    return value;
}

// The orientation tag (0x0112) of the first directory. Source: Exif 2.32, 4.6.2 and 4.6.4.
static int orientation(const uint8_t *data, size_t count) {
    if (count < 14 || memcmp(data, "Exif\0\0", 6) != 0) return 1;
    const uint8_t *tiff = data + 6;
    size_t size = count - 6;
    int little = tiff[0] == 'I';
    size_t offset = number(tiff + 4, 4, little);
    if (offset > size - 2) return 1;
    unsigned entries = number(tiff + offset, 2, little);
    for (unsigned i = 0; i < entries; i++) {
        size_t at = offset + 2 + (size_t)i * 12;
        if (at + 12 > size) return 1;
        if (number(tiff + at, 2, little) != 0x0112) continue;
        unsigned value = number(tiff + at + 8, 2, little);
        return value >= 1 && value <= 8 ? (int)value : 1;
    }
    return 1;
}

int qdoc_jpeg_header(const uint8_t *bytes, size_t count, qdoc_image_header *header, char *message) {
    struct jpeg_decompress_struct info;
    errors state;
    watch(&state, &info.err, message);
    if (setjmp(state.jump)) {
        jpeg_destroy_decompress(&info);
        return QDOC_IMAGE_DAMAGED;
    }
    jpeg_create_decompress(&info);
    jpeg_mem_src(&info, bytes, count);
    jpeg_save_markers(&info, JPEG_APP0 + 1, 0xFFFF);
    jpeg_read_header(&info, TRUE);
    header->width = info.image_width;
    header->height = info.image_height;
    header->orientation = 1;
    for (jpeg_saved_marker_ptr marker = info.marker_list; marker; marker = marker->next) {
        if (header->orientation == 1) header->orientation = orientation(marker->data, marker->data_length);
    }
    jpeg_destroy_decompress(&info);
    if (state.is_cut) {
        snprintf(message, QDOC_IMAGE_MESSAGE, "it ends in its header");
        return QDOC_IMAGE_DAMAGED;
    }
    return QDOC_IMAGE_OK;
}

// Adobe stores CMYK inverted; without its marker it is stored as it is.
static void cmyk_to_bgrx(const uint8_t *in, uint8_t *out, uint32_t width, int is_inverted) {
    for (uint32_t x = 0; x < width; x++, in += 4, out += 4) {
        unsigned c = in[0], m = in[1], y = in[2], k = in[3];
        if (!is_inverted) c = 255 - c, m = 255 - m, y = 255 - y, k = 255 - k;
        out[0] = (uint8_t)(y * k / 255);
        out[1] = (uint8_t)(m * k / 255);
        out[2] = (uint8_t)(c * k / 255);
        out[3] = 0xFF;
    }
}

int qdoc_jpeg_decode(const uint8_t *bytes, size_t count, int denominator, const qdoc_image_target *target, char *message) {
    struct jpeg_decompress_struct info;
    errors state;
    // Changed between setjmp and longjmp.
    qdoc_area *volatile area = calloc(1, sizeof(qdoc_area));
    uint8_t *volatile row = NULL;
    uint8_t *volatile converted = NULL;
    if (!area) return QDOC_IMAGE_NO_MEMORY;
    volatile int status = QDOC_IMAGE_DAMAGED;
    watch(&state, &info.err, message);
    if (!setjmp(state.jump)) {
        jpeg_create_decompress(&info);
        jpeg_mem_src(&info, bytes, count);
        jpeg_read_header(&info, TRUE);
        uint32_t stored_width = info.image_width;
        int is_cmyk = info.jpeg_color_space == JCS_CMYK || info.jpeg_color_space == JCS_YCCK;
        info.out_color_space = is_cmyk ? JCS_CMYK : JCS_EXT_BGRX;
        info.scale_num = 1;
        info.scale_denom = (unsigned)denominator;
        jpeg_start_decompress(&info);
        row = malloc((size_t)info.output_width * 4);
        converted = is_cmyk ? malloc((size_t)info.output_width * 4) : NULL;
        double factor = (double)info.output_width / stored_width;
        if (!row || (is_cmyk && !converted) ||
            !qdoc_area_begin(area, target, info.output_width, info.output_height, factor)) {
            status = QDOC_IMAGE_NO_MEMORY;
        } else {
            int is_inverted = info.saw_Adobe_marker;
            // A bomb that ends early makes libjpeg invent the rest row by row: stop there.
            while (info.output_scanline < info.output_height && !state.is_cut && !qdoc_area_is_done(area)) {
                JSAMPROW rows[1] = {row};
                jpeg_read_scanlines(&info, rows, 1);
                if (is_cmyk) cmyk_to_bgrx(row, converted, info.output_width, is_inverted);
                qdoc_area_row(area, is_cmyk ? converted : row);
            }
            status = state.is_cut ? QDOC_IMAGE_DAMAGED : QDOC_IMAGE_OK;
            if (state.is_cut) snprintf(message, QDOC_IMAGE_MESSAGE, "it ends before its last row");
        }
    }
    jpeg_destroy_decompress(&info);
    qdoc_area_end(area);
    free(area);
    free(row);
    free(converted);
    return status;
}

int qdoc_jpeg_encode(const uint8_t *pixels, uint32_t width, uint32_t height, size_t stride, int quality, int gray, uint8_t **out,
                     size_t *out_count, char *message) {
    struct jpeg_compress_struct info;
    errors state;
    // libjpeg writes these two at the end; they are read after it.
    unsigned char *buffer = NULL;
    unsigned long buffer_size = 0;
    watch(&state, &info.err, message);
    if (setjmp(state.jump)) {
        jpeg_destroy_compress(&info);
        return QDOC_IMAGE_DAMAGED;
    }
    jpeg_create_compress(&info);
    jpeg_mem_dest(&info, &buffer, &buffer_size);
    info.image_width = width;
    info.image_height = height;
    info.input_components = 4;
    info.in_color_space = JCS_EXT_BGRX;
    jpeg_set_defaults(&info);
    if (gray) jpeg_set_colorspace(&info, JCS_GRAYSCALE);
    jpeg_set_quality(&info, quality, TRUE);
    jpeg_start_compress(&info, TRUE);
    while (info.next_scanline < height) {
        JSAMPROW rows[1] = {(JSAMPROW)(pixels + info.next_scanline * stride)};
        jpeg_write_scanlines(&info, rows, 1);
    }
    jpeg_finish_compress(&info);
    jpeg_destroy_compress(&info);
    *out = buffer;
    *out_count = buffer_size;
    return QDOC_IMAGE_OK;
}
