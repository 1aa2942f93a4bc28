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
    area->sums = calloc((size_t)source_width * 4, sizeof(float));
    return area->sums != NULL;
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

static void emit(qdoc_area *area) {
    const qdoc_image_target *target = &area->target;
    uint8_t *out = target->pixels + (ptrdiff_t)area->next_target_row * target->row_step;
    const float norm = (float)(1 / (area->scale_x * area->scale_y));
    for (uint32_t x = 0; x < target->width; x++, out += target->pixel_step) {
        double left = target->left + x * area->scale_x;
        double right = left + area->scale_x;
        uint32_t first = (uint32_t)left;
        uint32_t last = (uint32_t)ceil(right - 1e-9);
        if (last > area->source_width) last = area->source_width;
        if (first >= last) first = last - 1;
        float total[4] = {0, 0, 0, 0};
        for (uint32_t i = first; i < last; i++) {
            float weight = 1;
            if (i < left) weight -= (float)(left - i);
            if (i + 1 > right) weight -= (float)(i + 1 - right);
            const float *sum = area->sums + (size_t)i * 4;
            for (int c = 0; c < 4; c++) total[c] += weight * sum[c];
        }
        for (int c = 0; c < 3; c++) {
            float value = total[c] * norm + 0.5f;
            out[c] = value < 0 ? 0 : value > 255 ? 255 : (uint8_t)value;
        }
        out[3] = 0xFF;
    }
    memset(area->sums, 0, (size_t)area->source_width * 4 * sizeof(float));
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
    area->sums = NULL;
}
