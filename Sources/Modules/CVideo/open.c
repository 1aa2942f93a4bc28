#define _GNU_SOURCE
#include "video.h"
#include <errno.h>
#include <libavutil/display.h>
#include <libavutil/opt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Decoders that are written for single frames and streams of the field; others of FFmpeg's 500 are for games and old hardware, and are
// rarely looked at. Of two decoders for a codec, the one that is FFmpeg's own, but dav1d for AV1, of which FFmpeg has none.
static const struct {
    enum AVCodecID id;
    const char *name;
} decoders[] = {
    {AV_CODEC_ID_H264, "h264"},       {AV_CODEC_ID_HEVC, "hevc"},       {AV_CODEC_ID_AV1, "libdav1d"},    {AV_CODEC_ID_VP8, "vp8"},
    {AV_CODEC_ID_VP9, "vp9"},         {AV_CODEC_ID_MPEG4, "mpeg4"},     {AV_CODEC_ID_MSMPEG4V3, "msmpeg4"},
    {AV_CODEC_ID_MPEG1VIDEO, "mpeg1video"}, {AV_CODEC_ID_MPEG2VIDEO, "mpeg2video"}, {AV_CODEC_ID_H263, "h263"},
    {AV_CODEC_ID_MJPEG, "mjpeg"},     {AV_CODEC_ID_PNG, "png"},         {AV_CODEC_ID_PRORES, "prores"},   {AV_CODEC_ID_DNXHD, "dnxhd"},
    {AV_CODEC_ID_DVVIDEO, "dvvideo"}, {AV_CODEC_ID_THEORA, "theora"},   {AV_CODEC_ID_FFV1, "ffv1"},       {AV_CODEC_ID_HUFFYUV, "huffyuv"},
    {AV_CODEC_ID_FFVHUFF, "ffvhuff"}, {AV_CODEC_ID_UTVIDEO, "utvideo"}, {AV_CODEC_ID_QTRLE, "qtrle"},     {AV_CODEC_ID_RAWVIDEO, "rawvideo"},
};

enum { DECODERS = sizeof decoders / sizeof *decoders, IO_BUFFER = 1 << 16 };

static const char *whitelist(void) {
    static char names[512];
    if (!names[0]) {
        for (int i = 0; i < DECODERS; i++) {
            if (i) strcat(names, ",");
            strcat(names, decoders[i].name);
        }
    }
    return names;
}

static const AVCodec *decoder(enum AVCodecID id) {
    for (int i = 0; i < DECODERS; i++)
        if (decoders[i].id == id) return avcodec_find_decoder_by_name(decoders[i].name);
    return NULL;
}

void qdoc_video_warm(void) {
    av_log_set_level(AV_LOG_QUIET);
    // Those that nearly all videos are made with.
    const enum AVCodecID common[] = {AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_VP9};
    for (size_t i = 0; i < sizeof common / sizeof *common; i++) {
        const AVCodec *found = decoder(common[i]);
        AVCodecContext *context = found ? avcodec_alloc_context3(found) : NULL;
        if (context) {
            context->thread_count = 1;
            avcodec_open2(context, found, NULL);
        }
        avcodec_free_context(&context);
    }
}

static int read_bytes(void *opaque, uint8_t *bytes, int count) {
    qdoc_video *video = opaque;
    for (;;) {
        ssize_t got = pread(video->descriptor, bytes, (size_t)count, (off_t)video->position);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return AVERROR(errno);
        video->position += got;
        return got == 0 ? AVERROR_EOF : (int)got;
    }
}

static int64_t seek_bytes(void *opaque, int64_t offset, int whence) {
    qdoc_video *video = opaque;
    switch (whence & ~AVSEEK_FORCE) {
    case AVSEEK_SIZE: return video->byte_count;
    case SEEK_SET: break;
    case SEEK_CUR: offset += video->position; break;
    case SEEK_END: offset += video->byte_count; break;
    default: return AVERROR(EINVAL);
    }
    if (offset < 0) return AVERROR(EINVAL);
    return video->position = offset;
}

/// No other file is opened, whatever a file refers to.
static int refuse_file(AVFormatContext *format, AVIOContext **io, const char *url, int flags, AVDictionary **options) {
    (void)format, (void)io, (void)url, (void)flags, (void)options;
    return AVERROR(EPERM);
}

static int64_t big_endian(const uint8_t *bytes, int count) {
    uint64_t value = 0;
    for (int i = 0; i < count; i++) value = value << 8 | bytes[i];
    return (int64_t)value;
}

/// Whether one of the outermost atoms of an MP4 or QuickTime file is its index.
static int has_index(qdoc_video *video) {
    int64_t offset = 0;
    for (int atoms = 0; atoms < 10000; atoms++) {
        uint8_t head[16];
        if (pread(video->descriptor, head, sizeof head, (off_t)offset) < 8) return 0;
        if (memcmp(head + 4, "moov", 4) == 0) return 1;
        int64_t size = big_endian(head, 4);
        if (size == 1) size = big_endian(head + 8, 8);
        if (size < 8 || size > video->byte_count - offset) return 0;
        offset += size;
    }
    return 0;
}

static int open_format(qdoc_video *video, const char *demuxer, int64_t max_pixels) {
    const AVInputFormat *input = av_find_input_format(demuxer);
    uint8_t *buffer = input ? av_malloc(IO_BUFFER) : NULL;
    if (!buffer) return AVERROR(ENOMEM);
    video->io = avio_alloc_context(buffer, IO_BUFFER, 0, video, read_bytes, NULL, seek_bytes);
    video->format = avformat_alloc_context();
    if (!video->io) av_free(buffer);
    if (!video->io || !video->format) return AVERROR(ENOMEM);
    video->format->pb = video->io;
    video->format->io_open = refuse_file;
    // What is cut at its end is left out rather than shown half.
    video->format->flags |= AVFMT_FLAG_DISCARD_CORRUPT | AVFMT_FLAG_CUSTOM_IO;
    video->format->max_streams = 100;
    AVDictionary *options = NULL;
    av_dict_set(&options, "format_whitelist", demuxer, 0);
    av_dict_set(&options, "codec_whitelist", whitelist(), 0);
    av_dict_set(&options, "protocol_whitelist", "none", 0);
    int status = avformat_open_input(&video->format, NULL, input, &options);
    av_dict_free(&options);
    if (status < 0) return status;
    // How many frames a codec holds back, and when the first one is shown, is known only from frames.
    unsigned count = video->format->nb_streams;
    AVDictionary **each = av_calloc(count ? count : 1, sizeof *each);
    if (!each) return AVERROR(ENOMEM);
    int is_too_large = 0;
    for (unsigned i = 0; i < count; i++) {
        AVStream *stream = video->format->streams[i];
        if (stream->codecpar->codec_type != AVMEDIA_TYPE_VIDEO) stream->discard = AVDISCARD_ALL;
        // A size over the limit is forgotten by the codec, and could not be told any more.
        else if ((int64_t)stream->codecpar->width * stream->codecpar->height > max_pixels)
            is_too_large = 1;
        av_dict_set_int(&each[i], "max_pixels", max_pixels, 0);
    }
    status = is_too_large ? AVERROR(ERANGE) : avformat_find_stream_info(video->format, each);
    for (unsigned i = 0; i < count; i++) av_dict_free(&each[i]);
    av_free(each);
    return status;
}

/// The video with the most pixels that is no cover picture.
static AVStream *best_stream(AVFormatContext *format) {
    AVStream *best = NULL;
    int64_t most = -1;
    for (unsigned i = 0; i < format->nb_streams; i++) {
        AVStream *stream = format->streams[i];
        stream->discard = AVDISCARD_ALL;
        if (stream->codecpar->codec_type != AVMEDIA_TYPE_VIDEO || stream->disposition & AV_DISPOSITION_ATTACHED_PIC) continue;
        int64_t pixels = (int64_t)stream->codecpar->width * stream->codecpar->height;
        if (pixels > most) {
            most = pixels;
            best = stream;
        }
    }
    if (best) best->discard = AVDISCARD_DEFAULT;
    return best;
}

static int open_codec(qdoc_video *video, AVStream *stream, int64_t max_pixels) {
    const AVCodec *found = decoder(stream->codecpar->codec_id);
    if (!found) return QDOC_VIDEO_UNKNOWN_CODEC;
    int64_t width = stream->codecpar->width, height = stream->codecpar->height;
    if (width < 0 || height < 0 || width * height > max_pixels) return QDOC_VIDEO_TOO_LARGE;
    video->codec = avcodec_alloc_context3(found);
    video->packet = av_packet_alloc();
    video->frame = av_frame_alloc();
    video->previous = av_frame_alloc();
    video->spare = av_frame_alloc();
    if (!video->codec || !video->packet || !video->frame || !video->previous || !video->spare) return QDOC_VIDEO_NO_MEMORY;
    if (avcodec_parameters_to_context(video->codec, stream->codecpar) < 0) return QDOC_VIDEO_NO_MEMORY;
    video->codec->pkt_timebase = stream->time_base;
    video->codec->thread_count = 1;
    video->codec->max_pixels = max_pixels;
    AVDictionary *options = NULL;
    av_dict_set(&options, "codec_whitelist", whitelist(), 0);
    int status = avcodec_open2(video->codec, found, &options);
    av_dict_free(&options);
    return status == AVERROR(ENOMEM) ? QDOC_VIDEO_NO_MEMORY : status < 0 ? QDOC_VIDEO_DAMAGED : QDOC_VIDEO_OK;
}

static void orient(const AVStream *stream, qdoc_video_facts *facts) {
#if LIBAVFORMAT_VERSION_MAJOR < 61
    size_t size = 0;
    const int32_t *matrix = (const int32_t *)av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
#else
    const AVPacketSideData *data = av_packet_side_data_get(
        stream->codecpar->coded_side_data, stream->codecpar->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
    size_t size = data ? data->size : 0;
    const int32_t *matrix = data ? (const int32_t *)data->data : NULL;
#endif
    if (!matrix || size < 9 * sizeof *matrix) return;
    // A point (x, y) is displayed at (ax + cy, bx + dy).
    int64_t a = matrix[0], b = matrix[1], c = matrix[3], d = matrix[4];
    if (llabs(a) + llabs(d) >= llabs(b) + llabs(c)) {
        facts->reverses_x = a < 0;
        facts->reverses_y = d < 0;
    } else {
        facts->swaps_sides = 1;
        facts->reverses_x = b < 0;
        facts->reverses_y = c < 0;
    }
}

static void tell(qdoc_video *video, AVStream *stream, qdoc_video_facts *facts) {
    facts->width = (uint32_t)video->codec->width;
    facts->height = (uint32_t)video->codec->height;
    AVRational aspect = av_guess_sample_aspect_ratio(video->format, stream, NULL);
    facts->pixel_aspect = aspect.num > 0 && aspect.den > 0 ? av_q2d(aspect) : 1;
    if (!(facts->pixel_aspect >= 0.25 && facts->pixel_aspect <= 4)) facts->pixel_aspect = 1;
    orient(stream, facts);
    if (stream->duration != AV_NOPTS_VALUE && stream->duration > 0)
        facts->duration = (double)stream->duration * video->tick;
    else if (video->format->duration != AV_NOPTS_VALUE && video->format->duration > 0)
        facts->duration = (double)video->format->duration / AV_TIME_BASE;
    // Matroska tells when the last frame ends, on the clock by which the first may be late.
    if (stream->duration == AV_NOPTS_VALUE && stream->start_time != AV_NOPTS_VALUE && stream->start_time > 0)
        facts->duration -= (double)stream->start_time * video->tick;
    AVRational rate = stream->avg_frame_rate.num > 0 ? stream->avg_frame_rate : stream->r_frame_rate;
    facts->rate = rate.num > 0 && rate.den > 0 ? av_q2d(rate) : 0;
    video->rate = facts->rate >= 0.01 && facts->rate <= 1000 ? facts->rate : 25;
}

static int open_video(qdoc_video *video, const char *demuxer, int64_t max_pixels, qdoc_video_facts *facts) {
    int status = open_format(video, demuxer, max_pixels);
    if (status == AVERROR(ENOMEM)) return QDOC_VIDEO_NO_MEMORY;
    if (status == AVERROR(ERANGE)) return QDOC_VIDEO_TOO_LARGE;
    if (status < 0) return strcmp(demuxer, "mov") == 0 && !has_index(video) ? QDOC_VIDEO_NO_INDEX : QDOC_VIDEO_DAMAGED;
    AVStream *stream = best_stream(video->format);
    if (!stream) return QDOC_VIDEO_NO_STREAM;
    strncpy(facts->codec, avcodec_get_name(stream->codecpar->codec_id), sizeof facts->codec - 1);
    if (stream->time_base.num <= 0 || stream->time_base.den <= 0) return QDOC_VIDEO_DAMAGED;
    video->stream = stream->index;
    video->tick = av_q2d(stream->time_base);
    video->start = stream->start_time;
    video->seconds = video->previous_seconds = -1;
    status = open_codec(video, stream, max_pixels);
    if (status == QDOC_VIDEO_OK) tell(video, stream, facts);
    return status;
}

int qdoc_video_open(int descriptor, int64_t byte_count, const char *demuxer, int64_t max_pixels, qdoc_video **out, qdoc_video_facts *facts) {
    av_log_set_level(AV_LOG_QUIET);
    memset(facts, 0, sizeof *facts);
    qdoc_video *video = calloc(1, sizeof *video);
    if (!video) return QDOC_VIDEO_NO_MEMORY;
    video->descriptor = descriptor;
    video->byte_count = byte_count;
    int status = open_video(video, demuxer, max_pixels, facts);
    if (status == QDOC_VIDEO_OK) {
        *out = video;
    } else {
        qdoc_video_close(video);
    }
    return status;
}

void qdoc_video_close(qdoc_video *video) {
    if (!video) return;
    for (int i = 0; i < 2; i++) sws_freeContext(video->scalers[i]);
    av_frame_free(&video->frame);
    av_frame_free(&video->previous);
    av_frame_free(&video->spare);
    av_packet_free(&video->packet);
    avcodec_free_context(&video->codec);
    avformat_close_input(&video->format);
    if (video->io) av_freep(&video->io->buffer);
    avio_context_free(&video->io);
    free(video);
}
