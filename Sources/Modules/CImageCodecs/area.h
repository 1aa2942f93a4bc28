#ifndef QDOC_AREA_H
#define QDOC_AREA_H
#include "CImageCodecs.h"
#include "colour.h"

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
    // The columns of the source that are looked at.
    uint32_t first_column, column_count;
    // Weighted sum of the source rows that the next target row covers, 4 floats a pixel from the first column on, and whether it holds any.
    float *sums;
    int has_sums;
    qdoc_area_column *columns;
    // A row of the target before its pixels are put in their places.
    uint8_t *line;
    // Applied to each row of the target, so that it costs by what is shown and not by what is stored.
    qdoc_colour *colour;
} qdoc_area;

/// Returns 0 where memory is refused; end it all the same. The target's box is scaled to `source_width` × `source_height` by `factor`.
///
/// - Parameter colour: Owned by the area from now on; NULL for none.
int qdoc_area_begin(qdoc_area *area, const qdoc_image_target *target, uint32_t source_width, uint32_t source_height, double factor,
                    qdoc_colour *colour);
/// Takes the next row of BGRX, or of four inks where `colour` takes these.
void qdoc_area_row(qdoc_area *area, const uint8_t *row);
int qdoc_area_is_done(const qdoc_area *area);
void qdoc_area_end(qdoc_area *area);
#endif
