#ifndef QDOC_VIDEO_STATE_H
#define QDOC_VIDEO_STATE_H
#include "CVideo.h"
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>

struct qdoc_video {
    int descriptor;
    int64_t byte_count, position;
    AVIOContext *io;
    AVFormatContext *format;
    AVCodecContext *codec;
    AVPacket *packet;
    /// The current frame, the one before it, and room to decode the next.
    AVFrame *frame, *previous, *spare;
    int stream;
    /// Timestamp of the first frame, in the stream's time base.
    int64_t start;
    double tick, rate, seconds, previous_seconds;
    /// Set while the frame before was made the current one: `previous` is the later one then.
    int is_back;
    /// Set once the decoder was told that no packet follows.
    int is_drained;
    uint64_t packets;
    /// One for looks, one for drawing.
    struct SwsContext *scalers[2];
};
#endif
