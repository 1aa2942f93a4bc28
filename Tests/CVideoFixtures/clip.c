#include "CVideoFixtures.h"
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <stdlib.h>
#include <string.h>

struct qdoc_clip_writer {
    AVFormatContext *format;
    AVCodecContext *codec;
    AVStream *stream;
    AVFrame *frame;
    AVPacket *packet;
    int64_t time;
    int lasting;
    int is_begun, status;
};

enum { MATRIX = 9 };

/// The display matrix of a clip, in 16.16 and 2.30 fixed point.
static void matrix_of(const qdoc_clip *clip, int32_t *matrix) {
    const int cosines[] = {1, 0, -1, 0};
    int turns = clip->quarter_turns & 3, cosine = cosines[turns], sine = cosines[(turns + 3) & 3];
    int across = clip->is_mirrored ? -1 : 1;
    memset(matrix, 0, MATRIX * sizeof *matrix);
    matrix[0] = across * cosine * (1 << 16);
    matrix[1] = across * sine * (1 << 16);
    matrix[3] = -sine * (1 << 16);
    matrix[4] = cosine * (1 << 16);
    matrix[8] = 1 << 30;
}

static int32_t *room_for_matrix(AVStream *stream) {
    size_t size = MATRIX * sizeof(int32_t);
#if LIBAVFORMAT_VERSION_MAJOR < 61
    return (int32_t *)av_stream_new_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, size);
#else
    AVPacketSideData *data = av_packet_side_data_new(
        &stream->codecpar->coded_side_data, &stream->codecpar->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX, size, 0);
    return data ? (int32_t *)data->data : NULL;
#endif
}

static int begin(qdoc_clip_writer *writer, const char *path, const char *container, const char *name, const qdoc_clip *clip) {
    const AVCodec *found = avcodec_find_encoder_by_name(name);
    if (!found || avformat_alloc_output_context2(&writer->format, NULL, container, path) < 0) return -1;
    writer->codec = avcodec_alloc_context3(found);
    writer->stream = avformat_new_stream(writer->format, NULL);
    writer->frame = av_frame_alloc();
    writer->packet = av_packet_alloc();
    if (!writer->codec || !writer->stream || !writer->frame || !writer->packet) return -1;
    AVCodecContext *codec = writer->codec;
    codec->width = clip->width;
    codec->height = clip->height;
    codec->pix_fmt = AV_PIX_FMT_YUV420P;
    codec->time_base = (AVRational){1, clip->rate};
    codec->framerate = (AVRational){clip->rate, 1};
    codec->gop_size = clip->key_interval;
    if (clip->aspect_width > 0) codec->sample_aspect_ratio = (AVRational){clip->aspect_width, clip->aspect_height};
    // Fine enough for a tone to come back as it was given.
    codec->flags |= AV_CODEC_FLAG_QSCALE;
    codec->global_quality = 2 * FF_QP2LAMBDA;
    if (writer->format->oformat->flags & AVFMT_GLOBALHEADER) codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    AVDictionary *options = NULL;
    // No key frame of the encoder's own at a change of scene; a codec that has no such option leaves it alone.
    av_dict_set(&options, "sc_threshold", "1000000000", 0);
    int status = avcodec_open2(codec, found, &options);
    av_dict_free(&options);
    if (status < 0 || avcodec_parameters_from_context(writer->stream->codecpar, codec) < 0) return -1;
    writer->stream->time_base = codec->time_base;
    writer->stream->avg_frame_rate = codec->framerate;
    writer->stream->sample_aspect_ratio = codec->sample_aspect_ratio;
    if (clip->quarter_turns || clip->is_mirrored) {
        int32_t *matrix = room_for_matrix(writer->stream);
        if (!matrix) return -1;
        matrix_of(clip, matrix);
    }
    writer->frame->width = clip->width;
    writer->frame->height = clip->height;
    writer->frame->format = codec->pix_fmt;
    writer->frame->quality = codec->global_quality;
    if (av_frame_get_buffer(writer->frame, 0) < 0) return -1;
    if (avio_open(&writer->format->pb, path, AVIO_FLAG_WRITE) < 0 || avformat_write_header(writer->format, NULL) < 0) return -1;
    writer->is_begun = 1;
    return 0;
}

qdoc_clip_writer *qdoc_clip_open(const char *path, const char *container, const char *codec, const qdoc_clip *clip) {
    av_log_set_level(AV_LOG_QUIET);
    qdoc_clip_writer *writer = calloc(1, sizeof *writer);
    if (writer && begin(writer, path, container, codec, clip) < 0) {
        qdoc_clip_close(writer);
        return NULL;
    }
    return writer;
}

/// Gives the encoder a frame, or word that there is none, and writes what it has ready.
static int encode(qdoc_clip_writer *writer, AVFrame *frame) {
    int status = avcodec_send_frame(writer->codec, frame);
    while (status >= 0) {
        status = avcodec_receive_packet(writer->codec, writer->packet);
        if (status == AVERROR(EAGAIN) || status == AVERROR_EOF) return 0;
        if (status < 0) break;
        writer->packet->stream_index = writer->stream->index;
        writer->packet->duration = writer->lasting;
        av_packet_rescale_ts(writer->packet, writer->codec->time_base, writer->stream->time_base);
        status = av_interleaved_write_frame(writer->format, writer->packet);
    }
    return status;
}

int qdoc_clip_add(qdoc_clip_writer *writer, const uint8_t *planes, size_t count, int lasting) {
    AVFrame *frame = writer->frame;
    if (av_frame_make_writable(frame) < 0) return writer->status = -1;
    const uint8_t *from = planes;
    for (int plane = 0; plane < 3; plane++) {
        int width = plane ? (frame->width + 1) / 2 : frame->width, height = plane ? (frame->height + 1) / 2 : frame->height;
        if ((size_t)(from - planes) + (size_t)width * (size_t)height > count) return writer->status = -1;
        for (int y = 0; y < height; y++, from += width)
            memcpy(frame->data[plane] + (ptrdiff_t)y * frame->linesize[plane], from, (size_t)width);
    }
    frame->pts = writer->time;
    writer->time += lasting;
    writer->lasting = lasting;
    if (encode(writer, frame) < 0) writer->status = -1;
    return writer->status;
}

int qdoc_clip_close(qdoc_clip_writer *writer) {
    int status = writer->status;
    if (writer->is_begun && (encode(writer, NULL) < 0 || av_write_trailer(writer->format) < 0)) status = -1;
    if (writer->format && writer->format->pb) avio_closep(&writer->format->pb);
    av_packet_free(&writer->packet);
    av_frame_free(&writer->frame);
    avcodec_free_context(&writer->codec);
    avformat_free_context(writer->format);
    free(writer);
    return status;
}
