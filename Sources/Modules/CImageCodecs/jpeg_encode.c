#include "jpeg_errors.h"
#include "CImageCodecs.h"
#include "page_tables.h"
#include <jerror.h>
#include <string.h>

static void on_error(j_common_ptr info) {
    qdoc_jpeg_errors *state = (qdoc_jpeg_errors *)info->err;
    char text[JMSG_LENGTH_MAX];
    info->err->format_message(info, text);
    snprintf(state->message, QDOC_IMAGE_MESSAGE, "%s", text);
    // What does not fit into the memory that was granted wants a file, of which there is none.
    int code = info->err->msg_code;
    if (code == JERR_OUT_OF_MEMORY || code == JERR_NO_BACKING_STORE) state->status = QDOC_IMAGE_NO_MEMORY;
    longjmp(state->jump, 1);
}

// A cut file is a warning to libjpeg, which fills the rest with grey.
static void on_message(j_common_ptr info, int level) {
    if (level < 0) info->err->num_warnings++;
    if (level < 0 && info->err->msg_code == JWRN_JPEG_EOF) ((qdoc_jpeg_errors *)info->err)->is_cut = 1;
}

static void on_output(j_common_ptr info) { (void)info; }

void qdoc_jpeg_watch(qdoc_jpeg_errors *state, struct jpeg_error_mgr **slot, char *message) {
    memset(state, 0, sizeof *state);
    *slot = jpeg_std_error(&state->base);
    state->base.error_exit = on_error;
    state->base.emit_message = on_message;
    state->base.output_message = on_output;
    state->message = message;
    state->status = QDOC_IMAGE_DAMAGED;
}

// What `jpeg_set_defaults` has put there are tables for photographs of little detail.
static void use_page_tables(j_compress_ptr info) {
    *info->dc_huff_tbl_ptrs[0] = qdoc_page_dc_luma;
    *info->dc_huff_tbl_ptrs[1] = qdoc_page_dc_chroma;
    *info->ac_huff_tbl_ptrs[0] = qdoc_page_ac_luma;
    *info->ac_huff_tbl_ptrs[1] = qdoc_page_ac_chroma;
}

int qdoc_jpeg_encode(const uint8_t *pixels, uint32_t width, uint32_t height, size_t stride, qdoc_jpeg_settings settings, uint8_t **out,
                     size_t *out_count, char *message) {
    struct jpeg_compress_struct info;
    qdoc_jpeg_errors state;
    // libjpeg writes these two at the end; they are read after it.
    unsigned char *buffer = NULL;
    unsigned long buffer_size = 0;
    qdoc_jpeg_watch(&state, &info.err, message);
    if (setjmp(state.jump)) {
        jpeg_destroy_compress(&info);
        return state.status;
    }
    jpeg_create_compress(&info);
    jpeg_mem_dest(&info, &buffer, &buffer_size);
    info.image_width = width;
    info.image_height = height;
    info.input_components = 4;
    info.in_color_space = JCS_EXT_BGRX;
    jpeg_set_defaults(&info);
    if (settings.is_gray) jpeg_set_colorspace(&info, JCS_GRAYSCALE);
    if (settings.has_full_colour) info.comp_info[0].h_samp_factor = info.comp_info[0].v_samp_factor = 1;
    jpeg_set_quality(&info, settings.quality, TRUE);
    if (settings.is_page) {
        use_page_tables(&info);
    } else {
        info.optimize_coding = TRUE;
    }
    jpeg_start_compress(&info, TRUE);
    while (info.next_scanline < height) {
        enum { ROWS = 16 };
        JSAMPROW rows[ROWS];
        unsigned count = height - info.next_scanline < ROWS ? height - info.next_scanline : ROWS;
        for (unsigned i = 0; i < count; i++) rows[i] = (JSAMPROW)(pixels + (info.next_scanline + i) * stride);
        jpeg_write_scanlines(&info, rows, count);
    }
    jpeg_finish_compress(&info);
    jpeg_destroy_compress(&info);
    *out = buffer;
    *out_count = buffer_size;
    return QDOC_IMAGE_OK;
}
