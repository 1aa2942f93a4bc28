#include "area.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static double clamp(double value, double low, double high) { return value < low ? low : value > high ? high : value; }

int qdoc_area_begin(qdoc_area *area, const qdoc_image_target *target, uint32_t source_width, uint32_t source_height, double factor) {
    memset(area, 0, sizeof *area);
    area->target = *target;
    area->source_width = source_width;
    area->source_height = source_height;
    area->target.left = clamp(target->left * factor, 0, source_width - 0.01);
    area->target.top = clamp(target->top * factor, 0, source_height - 0.01);
    area->target.right = clamp(target->right * factor, area->target.left + 0.01, source_width);
    area->target.bottom = clamp(target->bottom * factor, area->target.top + 0.01, source_height);
    area->scale_x = (area->target.right - area->target.left) / target->width;
    area->scale_y = (area->target.bottom - area->target.top) / target->height;
    area->sums = aligned_alloc(16, (size_t)source_width * 16);
    area->columns = calloc(target->width, sizeof(qdoc_area_column));
    if (!area->sums || !area->columns) return 0;
    memset(area->sums, 0, (size_t)source_width * 16);
    for (uint32_t x = 0; x < target->width; x++) {
        double left = area->target.left + x * area->scale_x;
        double right = left + area->scale_x;
        qdoc_area_column *column = area->columns + x;
        column->first = (uint32_t)left;
        column->last = (uint32_t)ceil(right - 1e-9) - 1;
        if (column->first >= source_width) column->first = source_width - 1;
        if (column->last >= source_width) column->last = source_width - 1;
        if (column->last < column->first) column->last = column->first;
        column->first_weight = (float)(column->first + 1 - left);
        column->last_weight = (float)(right - column->last);
        if (column->first == column->last) column->first_weight = (float)area->scale_x;
    }
    return 1;
}

static void add_row(float *restrict sums, const uint8_t *restrict row, size_t count, float weight) {
    for (size_t i = 0; i < count; i++) sums[i] += weight * (float)row[i];
}

static void copy_row(const qdoc_area *area, const uint8_t *row) {
    const qdoc_image_target *target = &area->target;
    const uint8_t *in = row + (size_t)target->left * 4;
    uint8_t *out = target->pixels + (ptrdiff_t)area->next_target_row * target->row_step;
    for (uint32_t x = 0; x < target->width; x++, in += 4, out += target->pixel_step) memcpy(out, in, 4);
}

// Blue, green, red and nothing: one pixel's sums fill a vector register.
typedef float pixel_sum __attribute__((vector_size(16)));

static void emit(qdoc_area *area) {
    const qdoc_image_target *target = &area->target;
    uint8_t *out = target->pixels + (ptrdiff_t)area->next_target_row * target->row_step;
    const float norm = (float)(1 / (area->scale_x * area->scale_y));
    const pixel_sum *sums = (const pixel_sum *)area->sums;
    for (uint32_t x = 0; x < target->width; x++, out += target->pixel_step) {
        const qdoc_area_column *column = area->columns + x;
        pixel_sum total = sums[column->first] * column->first_weight;
        for (uint32_t i = column->first + 1; i < column->last; i++) total += sums[i];
        if (column->last > column->first) total += sums[column->last] * column->last_weight;
        total = total * norm + 0.5f;
        for (int c = 0; c < 3; c++) out[c] = total[c] >= 255 ? 255 : (uint8_t)total[c];
        out[3] = 0xFF;
    }
    memset(area->sums, 0, (size_t)area->source_width * 16);
}

void qdoc_area_row(qdoc_area *area, const uint8_t *row) {
    const qdoc_image_target *target = &area->target;
    double y = area->next_source_row++;
    if (area->scale_x == 1 && area->scale_y == 1 && target->left == floor(target->left) && target->top == floor(target->top)) {
        if (y >= target->top && area->next_target_row < target->height) {
            copy_row(area, row);
            area->next_target_row++;
        }
        return;
    }
    while (area->next_target_row < target->height) {
        double top = target->top + area->next_target_row * area->scale_y;
        double bottom = top + area->scale_y;
        double from = y > top ? y : top;
        double to = y + 1 < bottom ? y + 1 : bottom;
        if (to > from) add_row(area->sums, row, (size_t)area->source_width * 4, (float)(to - from));
        // The last row is ended by the last source row, whatever rounding says.
        int is_complete = bottom <= y + 1 + 1e-9 || area->next_source_row == area->source_height;
        if (!is_complete) return;
        emit(area);
        area->next_target_row++;
        if (bottom >= y + 1 - 1e-9 && area->next_source_row < area->source_height) return;
    }
}

int qdoc_area_is_done(const qdoc_area *area) { return area->next_target_row >= area->target.height; }

void qdoc_area_end(qdoc_area *area) {
    free(area->sums);
    free(area->columns);
    area->sums = NULL;
    area->columns = NULL;
}
