#include "video.h"
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FOR_LOOKS = 0, FOR_DRAWING = 1 };

/// A scaler from a frame of this kind, with its colours as the stream states them; where it states none, as FFmpeg takes them (BT.601).
static struct SwsContext *scaler(qdoc_video *video, int use, int width, int height, int to_width, int to_height, enum AVPixelFormat to) {
    const AVFrame *frame = video->frame;
    // By area where it shrinks, so that every pixel counts; area scaling has nothing to say where it grows, as colour does in the same size.
    int shrinks = to_width <= width && to_height <= height && (to_width < width || to_height < height);
    int method = shrinks ? SWS_AREA : SWS_BICUBIC;
    int flags = use == FOR_LOOKS ? method : method | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP;
    struct SwsContext *context =
        sws_getCachedContext(video->scalers[use], width, height, frame->format, to_width, to_height, to, flags, NULL, NULL, NULL);
    video->scalers[use] = context;
    if (!context) return NULL;
    int *inverse, *table, from_full, to_full, brightness, contrast, saturation;
    if (sws_getColorspaceDetails(context, &inverse, &from_full, &table, &to_full, &brightness, &contrast, &saturation) >= 0) {
        int matrix = frame->colorspace == AVCOL_SPC_UNSPECIFIED ? SWS_CS_DEFAULT : (int)frame->colorspace;
        const int *coefficients = sws_getCoefficients(matrix);
        if (frame->color_range != AVCOL_RANGE_UNSPECIFIED) from_full = frame->color_range == AVCOL_RANGE_JPEG;
        sws_setColorspaceDetails(context, coefficients, from_full, table, to_full, brightness, contrast, saturation);
    }
    return context;
}

int qdoc_video_look(qdoc_video *video, uint32_t width, uint32_t height, uint8_t *planes) {
    AVFrame *frame = video->frame;
    if (frame->width < 1 || frame->height < 1) return QDOC_VIDEO_DAMAGED;
    struct SwsContext *context =
        scaler(video, FOR_LOOKS, frame->width, frame->height, (int)width, (int)height, AV_PIX_FMT_YUV444P);
    if (!context) return QDOC_VIDEO_DAMAGED;
    size_t plane = (size_t)width * height;
    uint8_t *out[4] = {planes, planes + plane, planes + 2 * plane, NULL};
    int strides[4] = {(int)width, (int)width, (int)width, 0};
    int rows = sws_scale(context, (const uint8_t *const *)frame->data, frame->linesize, 0, frame->height, out, strides);
    return rows == (int)height ? QDOC_VIDEO_OK : QDOC_VIDEO_DAMAGED;
}

double qdoc_video_detail(const qdoc_video *video) {
    const AVFrame *frame = video->frame;
    const AVPixFmtDescriptor *form = av_pix_fmt_desc_get(frame->format);
    if (!form || form->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BE | AV_PIX_FMT_FLAG_BITSTREAM)) return 0;
    int bytes = form->comp[0].step;
    if (form->comp[0].offset != 0 || frame->width < 2 || !frame->data[0]) return 0;
    if (!(bytes == 1 && form->comp[0].depth == 8) && !(bytes == 2 && form->comp[0].depth > 8 && form->comp[0].shift == 0)) return 0;
    uint64_t sum = 0, seen = 0;
    for (int y = 0; y < frame->height; y += 8) {
        const uint8_t *row = frame->data[0] + (ptrdiff_t)y * frame->linesize[0];
        if (bytes == 1) {
            uint32_t line = 0;
            for (int x = 1; x < frame->width; x++) line += (uint32_t)abs(row[x] - row[x - 1]);
            sum += line;
        } else {
            const uint16_t *wide = (const uint16_t *)row;
            for (int x = 1; x < frame->width; x++) sum += (uint64_t)abs(wide[x] - wide[x - 1]);
        }
        seen += (uint64_t)frame->width - 1;
    }
    return (double)sum / (double)seen / (double)(1 << (form->comp[0].depth - 8));
}

/// Whole samples nearest to a share of a side, on a boundary that all planes have.
static int nearest(double share, int side, int step) {
    int place = (int)lround(share * side / step) * step;
    return place < 0 ? 0 : place > side ? side : place;
}

int qdoc_video_draw(qdoc_video *video, const qdoc_video_target *target) {
    const AVFrame *frame = video->frame;
    const AVPixFmtDescriptor *form = av_pix_fmt_desc_get(frame->format);
    if (!form || frame->width < 1 || frame->height < 1) return QDOC_VIDEO_DAMAGED;
    if ((int64_t)frame->width * frame->height > video->codec->max_pixels) return QDOC_VIDEO_TOO_LARGE;
    int across = 1 << form->log2_chroma_w, down = 1 << form->log2_chroma_h;
    int is_whole = target->left <= 0 && target->top <= 0 && target->right >= 1 && target->bottom >= 1;
    int left = is_whole ? 0 : nearest(target->left, frame->width, across), top = is_whole ? 0 : nearest(target->top, frame->height, down);
    int right = is_whole ? frame->width : nearest(target->right, frame->width, across);
    int bottom = is_whole ? frame->height : nearest(target->bottom, frame->height, down);
    if (right <= left) right = left + across <= frame->width ? left + across : frame->width;
    if (bottom <= top) bottom = top + down <= frame->height ? top + down : frame->height;
    if (right <= left || bottom <= top) return QDOC_VIDEO_DAMAGED;

    AVFrame *part = av_frame_alloc();
    AVFrame *drawn = av_frame_alloc();
    int status = QDOC_VIDEO_NO_MEMORY;
    if (!part || !drawn || av_frame_ref(part, frame) < 0) goto end;
    part->crop_left = (size_t)left;
    part->crop_top = (size_t)top;
    part->crop_right = (size_t)(frame->width - right);
    part->crop_bottom = (size_t)(frame->height - bottom);
    if (av_frame_apply_cropping(part, AV_FRAME_CROP_UNALIGNED) < 0) goto end;
    // swscale writes whole vectors: its rows need room that the result does not have.
    drawn->format = AV_PIX_FMT_BGR0;
    drawn->width = (int)target->width;
    drawn->height = (int)target->height;
    if (av_frame_get_buffer(drawn, 64) < 0) goto end;
    status = QDOC_VIDEO_DAMAGED;
    struct SwsContext *context =
        scaler(video, FOR_DRAWING, part->width, part->height, drawn->width, drawn->height, AV_PIX_FMT_BGR0);
    if (!context) goto end;
    if (sws_scale(context, (const uint8_t *const *)part->data, part->linesize, 0, part->height, drawn->data, drawn->linesize) != drawn->height)
        goto end;
    for (int y = 0; y < drawn->height; y++) {
        const uint8_t *from = drawn->data[0] + (ptrdiff_t)y * drawn->linesize[0];
        uint8_t *to = target->pixels + y * target->row_step;
        if (target->pixel_step == 4) {
            memcpy(to, from, (size_t)drawn->width * 4);
        } else {
            for (int x = 0; x < drawn->width; x++, from += 4, to += target->pixel_step) memcpy(to, from, 4);
        }
    }
    status = QDOC_VIDEO_OK;
end:
    av_frame_free(&part);
    av_frame_free(&drawn);
    return status;
}
