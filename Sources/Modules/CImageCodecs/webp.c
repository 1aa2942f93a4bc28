#include "codecs.h"
#include <stdlib.h>
#include <string.h>
#include <webp/decode.h>
#include <webp/demux.h>

// A chunk of metadata by its name; NULL where there is none.
static const uint8_t *chunk(WebPDemuxer *file, const char *name, size_t *count) {
    WebPChunkIterator found;
    const uint8_t *bytes = NULL;
    if (WebPDemuxGetChunk(file, name, 1, &found)) {
        // Stands in the file itself, which outlives the iterator.
        bytes = found.chunk.bytes;
        *count = found.chunk.size;
    }
    WebPDemuxReleaseChunkIterator(&found);
    return bytes;
}

static WebPDemuxer *open_file(const qdoc_image_source *source) {
    WebPData data = {source->bytes, source->count};
    return WebPDemux(&data);
}

int qdoc_webp_header(const qdoc_image_source *source, qdoc_image_header *header, char *message) {
    WebPDemuxer *file = open_file(source);
    if (!file) return qdoc_image_fail(message, QDOC_IMAGE_DAMAGED, "its parts do not fit together");
    header->width = WebPDemuxGetI(file, WEBP_FF_CANVAS_WIDTH);
    header->height = WebPDemuxGetI(file, WEBP_FF_CANVAS_HEIGHT);
    size_t count = 0;
    const uint8_t *exif = chunk(file, "EXIF", &count);
    if (exif) header->orientation = qdoc_exif_orientation(exif, count);
    WebPDemuxDelete(file);
    return QDOC_IMAGE_OK;
}

// Decodes the first frame into its place on a transparent canvas.
static int decode_frame(const WebPIterator *frame, uint8_t *canvas, uint32_t width, uint32_t height) {
    WebPDecoderConfig config;
    if (!WebPInitDecoderConfig(&config)) return 0;
    size_t x = (size_t)frame->x_offset, y = (size_t)frame->y_offset;
    if (WebPGetFeatures(frame->fragment.bytes, frame->fragment.size, &config.input) != VP8_STATUS_OK) return 0;
    // The frame's own header may say something else than its place in the file.
    if (x + (size_t)config.input.width > width || y + (size_t)config.input.height > height) return 0;
    size_t stride = (size_t)width * 4;
    config.output.colorspace = MODE_BGRA;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = canvas + y * stride + x * 4;
    config.output.u.RGBA.stride = (int)stride;
    config.output.u.RGBA.size = stride * height - (y * stride + x * 4);
    int status = WebPDecode(frame->fragment.bytes, frame->fragment.size, &config);
    WebPFreeDecBuffer(&config.output);
    return status == VP8_STATUS_OK;
}

int qdoc_webp_decode(const qdoc_image_source *source, const qdoc_image_target *target, char *message) {
    WebPDemuxer *file = open_file(source);
    if (!file) return qdoc_image_fail(message, QDOC_IMAGE_DAMAGED, "its parts do not fit together");
    uint32_t width = WebPDemuxGetI(file, WEBP_FF_CANVAS_WIDTH), height = WebPDemuxGetI(file, WEBP_FF_CANVAS_HEIGHT);
    size_t count = 0;
    const uint8_t *profile = target->follows_profile ? chunk(file, "ICCP", &count) : NULL;
    size_t stride = (size_t)width * 4;
    uint8_t *canvas = (uint64_t)width * height <= QDOC_MAX_PIXELS ? calloc(height, stride) : NULL;
    qdoc_area area;
    int status = QDOC_IMAGE_OK;
    if (!qdoc_area_begin(&area, target, width, height, 1, qdoc_colour_open(profile, count, QDOC_SPACE_RGB)) || !canvas) {
        status = QDOC_IMAGE_NO_MEMORY;
    } else {
        WebPIterator frame;
        if (!WebPDemuxGetFrame(file, 1, &frame) || !frame.complete || !decode_frame(&frame, canvas, width, height)) {
            status = qdoc_image_fail(message, QDOC_IMAGE_DAMAGED, "its first frame cannot be decoded");
        }
        WebPDemuxReleaseIterator(&frame);
        for (uint32_t y = 0; y < height && status == QDOC_IMAGE_OK; y++) {
            uint8_t *row = canvas + y * stride;
            qdoc_on_white(row, width);
            qdoc_area_row(&area, row);
        }
    }
    qdoc_area_end(&area);
    free(canvas);
    WebPDemuxDelete(file);
    return status;
}
