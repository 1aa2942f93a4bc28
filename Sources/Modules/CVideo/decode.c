#include "video.h"
#include <errno.h>

// Packets that may go by without a frame before the caller is given the word: of 4 KB each they take a few milliseconds.
enum { PATIENCE = 256 };

void qdoc_video_skip_to_keys(qdoc_video *video, int only_keys) {
    video->codec->skip_frame = only_keys ? AVDISCARD_NONKEY : AVDISCARD_DEFAULT;
    // A demuxer with an index reads no other packets then.
    video->format->streams[video->stream]->discard = only_keys ? AVDISCARD_NONKEY : AVDISCARD_DEFAULT;
}

uint64_t qdoc_video_packets(const qdoc_video *video) { return video->packets; }

/// The time of the frame just decoded; frames without one follow each other at the stream's rate.
static double time_of(qdoc_video *video, const AVFrame *frame) {
    int64_t stamp = frame->best_effort_timestamp;
    if (stamp == AV_NOPTS_VALUE) return video->seconds < 0 ? 0 : video->seconds + 1 / video->rate;
    if (video->start == AV_NOPTS_VALUE) video->start = stamp;
    double seconds = ((double)stamp - (double)video->start) * video->tick;
    return seconds > 0 ? seconds : 0;
}

/// Exchanges the current frame and the one before.
static void exchange(qdoc_video *video) {
    AVFrame *frame = video->frame;
    double seconds = video->seconds;
    video->frame = video->previous;
    video->seconds = video->previous_seconds;
    video->previous = frame;
    video->previous_seconds = seconds;
    video->is_back = !video->is_back;
}

/// Gives the decoder one packet of the stream, or word that there is none; counts what it read.
static int feed(qdoc_video *video) {
    int status = av_read_frame(video->format, video->packet);
    if (status == AVERROR(ENOMEM)) return status;
    if (status == AVERROR(EAGAIN)) {
        video->packets++;
        return 0;
    }
    if (status < 0) {
        // The end, or a fault after which nothing can be found: what came before it stands.
        video->is_drained = 1;
        return avcodec_send_packet(video->codec, NULL);
    }
    video->packets++;
    if (video->packet->stream_index == video->stream && !(video->packet->flags & AV_PKT_FLAG_CORRUPT))
        status = avcodec_send_packet(video->codec, video->packet);
    av_packet_unref(video->packet);
    return status == AVERROR(ENOMEM) ? status : 0;
}

int qdoc_video_next(qdoc_video *video, double *seconds) {
    if (video->is_back) {
        exchange(video);
        *seconds = video->seconds;
        return QDOC_VIDEO_OK;
    }
    for (int i = 0; i < PATIENCE; i++) {
        int status = avcodec_receive_frame(video->codec, video->spare);
        if (status == 0) {
            if (video->spare->flags & AV_FRAME_FLAG_CORRUPT || video->spare->decode_error_flags) continue;
            AVFrame *oldest = video->previous;
            av_frame_unref(oldest);
            *seconds = time_of(video, video->spare);
            video->previous = video->frame;
            video->previous_seconds = video->seconds;
            video->frame = video->spare;
            video->seconds = *seconds;
            video->spare = oldest;
            return QDOC_VIDEO_OK;
        }
        if (status == AVERROR_EOF || (status == AVERROR(EAGAIN) && video->is_drained)) return QDOC_VIDEO_END;
        if (status == AVERROR(ENOMEM)) return QDOC_VIDEO_NO_MEMORY;
        // A frame that cannot be decoded is passed over like one that needs more packets.
        if (!video->is_drained && feed(video) == AVERROR(ENOMEM)) return QDOC_VIDEO_NO_MEMORY;
    }
    return QDOC_VIDEO_AGAIN;
}

int qdoc_video_step_back(qdoc_video *video, double *seconds) {
    if (video->is_back || video->previous_seconds < 0) return QDOC_VIDEO_END;
    exchange(video);
    *seconds = video->seconds;
    return QDOC_VIDEO_OK;
}

static int64_t stamp_of(const qdoc_video *video, double seconds) {
    double start = video->start == AV_NOPTS_VALUE ? 0 : (double)video->start;
    double stamp = seconds / video->tick + start + 0.5;
    return stamp < -9e15 ? INT64_MIN : stamp > 9e15 ? INT64_MAX : (int64_t)stamp;
}

double qdoc_video_key_before(const qdoc_video *video, double seconds) {
    AVStream *stream = video->format->streams[video->stream];
    int index = av_index_search_timestamp(stream, stamp_of(video, seconds), AVSEEK_FLAG_BACKWARD);
    const AVIndexEntry *entry = avformat_index_get_entry(stream, index);
    if (!entry) return -1;
    double start = video->start == AV_NOPTS_VALUE ? 0 : (double)video->start;
    double key = ((double)entry->timestamp - start) * video->tick;
    return key > 0 ? key : 0;
}

int qdoc_video_seek(qdoc_video *video, double seconds) {
    int status = av_seek_frame(video->format, video->stream, stamp_of(video, seconds), AVSEEK_FLAG_BACKWARD);
    // Without an index the start is still there.
    if (status < 0) status = av_seek_frame(video->format, video->stream, stamp_of(video, 0), AVSEEK_FLAG_BACKWARD);
    if (status < 0) status = av_seek_frame(video->format, -1, 0, AVSEEK_FLAG_BYTE | AVSEEK_FLAG_BACKWARD);
    avcodec_flush_buffers(video->codec);
    video->is_drained = 0;
    av_frame_unref(video->frame);
    av_frame_unref(video->previous);
    video->seconds = video->previous_seconds = -1;
    video->is_back = 0;
    return status == AVERROR(ENOMEM) ? QDOC_VIDEO_NO_MEMORY : status < 0 ? QDOC_VIDEO_DAMAGED : QDOC_VIDEO_OK;
}
