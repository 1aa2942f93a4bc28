#ifndef QDOC_AREA_H
#define QDOC_AREA_H
#include "CImageCodecs.h"

// A box filter by area, fed with one row after the other, so that a decoded image is never held whole.

/// The source pixels under a column of the target, and how much of the first and of the last of them.
typedef struct {
    uint32_t first, last;
    float first_weight, last_weight;
} qdoc_area_column;

typedef struct {
    qdoc_image_target target;
    uint32_t source_width, source_height;
    double scale_x, scale_y;
    uint32_t next_source_row, next_target_row;
    // Weighted sum of the source rows that the next target row covers, 4 floats a pixel.
    float *sums;
    qdoc_area_column *columns;
} qdoc_area;

/// Returns 0 where memory is refused. The target's box is scaled to `source_width` × `source_height` by `factor`.
int qdoc_area_begin(qdoc_area *area, const qdoc_image_target *target, uint32_t source_width, uint32_t source_height, double factor);
/// Takes the next row of BGRX.
void qdoc_area_row(qdoc_area *area, const uint8_t *row);
int qdoc_area_is_done(const qdoc_area *area);
void qdoc_area_end(qdoc_area *area);
#endif
