#include "codecs.h"
#include <gif_lib.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const uint8_t *bytes;
    size_t count, offset;
} input;

static int on_read(GifFileType *gif, GifByteType *out, int count) {
    input *source = gif->UserData;
    size_t left = source->count - source->offset;
    size_t wanted = (size_t)count < left ? (size_t)count : left;
    memcpy(out, source->bytes + source->offset, wanted);
    source->offset += wanted;
    return (int)wanted;
}

static int fail(char *message, int error) {
    const char *text = GifErrorString(error);
    return qdoc_image_fail(message, error == D_GIF_ERR_NOT_ENOUGH_MEM ? QDOC_IMAGE_NO_MEMORY : QDOC_IMAGE_DAMAGED, text ? text : "");
}

// Reads up to the first picture, and the colour that it shows nothing in (-1: none).
static int find_picture(GifFileType *gif, int *transparent) {
    *transparent = -1;
    for (;;) {
        GifRecordType type;
        if (DGifGetRecordType(gif, &type) != GIF_OK) return gif->Error;
        if (type == TERMINATE_RECORD_TYPE) return D_GIF_ERR_NO_IMAG_DSCR;
        if (type == IMAGE_DESC_RECORD_TYPE) return DGifGetImageDesc(gif) == GIF_OK ? 0 : gif->Error;
        int code;
        GifByteType *block;
        if (DGifGetExtension(gif, &code, &block) != GIF_OK) return gif->Error;
        while (block) {
            GraphicsControlBlock control;
            if (code == GRAPHICS_EXT_FUNC_CODE && DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK) {
                *transparent = control.TransparentColor;
            }
            if (DGifGetExtensionNext(gif, &block) != GIF_OK) return gif->Error;
        }
    }
}

// The screen, or the first picture where the screen is smaller.
static void measure(const GifFileType *gif, uint32_t *width, uint32_t *height) {
    uint32_t right = (uint32_t)(gif->Image.Left + gif->Image.Width), bottom = (uint32_t)(gif->Image.Top + gif->Image.Height);
    *width = (uint32_t)gif->SWidth > right ? (uint32_t)gif->SWidth : right;
    *height = (uint32_t)gif->SHeight > bottom ? (uint32_t)gif->SHeight : bottom;
}

int qdoc_gif_header(const qdoc_image_source *image, qdoc_image_header *header, char *message) {
    input source = {image->bytes, image->count, 0};
    int error = 0, transparent;
    GifFileType *gif = DGifOpen(&source, on_read, &error);
    if (!gif) return fail(message, error);
    error = find_picture(gif, &transparent);
    if (!error) measure(gif, &header->width, &header->height);
    DGifCloseFile(gif, NULL);
    return error ? fail(message, error) : QDOC_IMAGE_OK;
}

// Rows come in four passes where they are interlaced. Source: GIF89a, appendix E.
static int read_rows(GifFileType *gif, GifByteType *rows) {
    static const int starts[4] = {0, 4, 2, 1}, steps[4] = {8, 8, 4, 2};
    int passes = gif->Image.Interlace ? 4 : 1;
    for (int pass = 0; pass < passes; pass++) {
        for (int y = passes > 1 ? starts[pass] : 0; y < gif->Image.Height; y += passes > 1 ? steps[pass] : 1) {
            if (DGifGetLine(gif, rows + (size_t)y * (size_t)gif->Image.Width, gif->Image.Width) != GIF_OK) return gif->Error;
        }
    }
    return 0;
}

static void put_row(const GifFileType *gif, const ColorMapObject *colours, const GifByteType *in, int transparent, uint8_t *row) {
    row += (size_t)gif->Image.Left * 4;
    for (int x = 0; x < gif->Image.Width; x++, row += 4) {
        int index = in[x];
        if (index == transparent) continue;
        GifColorType colour = index < colours->ColorCount ? colours->Colors[index] : (GifColorType){0, 0, 0};
        row[0] = colour.Blue;
        row[1] = colour.Green;
        row[2] = colour.Red;
    }
}

int qdoc_gif_decode(const qdoc_image_source *image, const qdoc_image_target *target, char *message) {
    input source = {image->bytes, image->count, 0};
    int error = 0, transparent, status = QDOC_IMAGE_OK;
    GifFileType *gif = DGifOpen(&source, on_read, &error);
    if (!gif) return fail(message, error);
    error = find_picture(gif, &transparent);
    uint32_t width = 1, height = 1;
    if (!error) measure(gif, &width, &height);
    const ColorMapObject *colours = gif->Image.ColorMap ? gif->Image.ColorMap : gif->SColorMap;
    if (!error && !colours) error = D_GIF_ERR_NO_COLOR_MAP;
    if ((uint64_t)width * height > QDOC_MAX_PIXELS) error = D_GIF_ERR_DATA_TOO_BIG;
    if (error) {
        DGifCloseFile(gif, NULL);
        return fail(message, error);
    }
    GifByteType *rows = calloc((size_t)gif->Image.Width, (size_t)gif->Image.Height);
    uint8_t *row = malloc((size_t)width * 4);
    qdoc_area area;
    if (!qdoc_area_begin(&area, target, width, height, 1, NULL) || !rows || !row) {
        status = QDOC_IMAGE_NO_MEMORY;
    } else if ((error = read_rows(gif, rows)) != 0) {
        status = fail(message, error);
    } else {
        for (int y = 0; y < (int)height; y++) {
            memset(row, 0xFF, (size_t)width * 4);
            int own = y - gif->Image.Top;
            if (own >= 0 && own < gif->Image.Height) put_row(gif, colours, rows + (size_t)own * (size_t)gif->Image.Width, transparent, row);
            qdoc_area_row(&area, row);
        }
    }
    qdoc_area_end(&area);
    free(rows);
    free(row);
    DGifCloseFile(gif, NULL);
    return status;
}
