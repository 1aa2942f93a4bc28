#include "area.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

// The sums take most of the time of an image that is not compressed much: twice as fast with registers of twice the width.
#if defined(__x86_64__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

static double clamp(double value, double low, double high) { return value < low ? low : value > high ? high : value; }

static void measure(qdoc_area *area, uint32_t x) {
    double left = area->target.left + x * area->scale_x;
    double right = left + area->scale_x;
    qdoc_area_column *column = area->columns + x;
    column->first = (uint32_t)left;
    column->last = (uint32_t)ceil(right - 1e-9) - 1;
    if (column->first >= area->source_width) column->first = area->source_width - 1;
    if (column->last >= area->source_width) column->last = area->source_width - 1;
    if (column->last < column->first) column->last = column->first;
    column->first_weight = (float)(column->first + 1 - left);
    column->last_weight = (float)(right - column->last);
    if (column->first == column->last) column->first_weight = (float)area->scale_x;
}

int qdoc_area_begin(qdoc_area *area, const qdoc_image_target *target, uint32_t source_width, uint32_t source_height, double factor,
                    qdoc_colour *colour) {
    memset(area, 0, sizeof *area);
    area->colour = colour;
    area->target = *target;
    area->source_width = source_width;
    area->source_height = source_height;
    area->target.left = clamp(target->left * factor, 0, source_width - 0.01);
    area->target.top = clamp(target->top * factor, 0, source_height - 0.01);
    area->target.right = clamp(target->right * factor, area->target.left + 0.01, source_width);
    area->target.bottom = clamp(target->bottom * factor, area->target.top + 0.01, source_height);
    area->scale_x = (area->target.right - area->target.left) / target->width;
    area->scale_y = (area->target.bottom - area->target.top) / target->height;
    area->columns = calloc(target->width, sizeof(qdoc_area_column));
    area->line = malloc((size_t)target->width * 4);
    if (!area->columns || !area->line) return 0;
    for (uint32_t x = 0; x < target->width; x++) measure(area, x);
    area->first_column = area->columns[0].first;
    area->column_count = area->columns[target->width - 1].last + 1 - area->first_column;
    area->sums = aligned_alloc(16, (size_t)area->column_count * 16);
    return area->sums != NULL;
}

WIDE static void set_row(float *restrict sums, const uint8_t *restrict row, size_t count, float weight) {
    for (size_t i = 0; i < count; i++) sums[i] = weight * (float)row[i];
}

WIDE static void add_row(float *restrict sums, const uint8_t *restrict row, size_t count, float weight) {
    for (size_t i = 0; i < count; i++) sums[i] += weight * (float)row[i];
}

// Puts the line in its place.
static void place(qdoc_area *area, const uint8_t *line) {
    const qdoc_image_target *target = &area->target;
    uint8_t *out = target->pixels + (ptrdiff_t)area->next_target_row * target->row_step;
    for (uint32_t x = 0; x < target->width; x++, out += target->pixel_step) memcpy(out, line + (size_t)x * 4, 4);
}

static uint8_t *line_of(qdoc_area *area) {
    const qdoc_image_target *target = &area->target;
    return target->pixel_step == 4 ? target->pixels + (ptrdiff_t)area->next_target_row * target->row_step : area->line;
}

static void finish(qdoc_area *area, uint8_t *line) {
    if (area->colour) qdoc_colour_row(area->colour, line, area->target.width);
    if (line == area->line) place(area, line);
    area->next_target_row++;
    area->has_sums = 0;
}

static void copy_row(qdoc_area *area, const uint8_t *row) {
    uint8_t *line = line_of(area);
    memcpy(line, row + (size_t)area->target.left * 4, (size_t)area->target.width * 4);
    finish(area, line);
}

// Blue, green, red and nothing: one pixel's sums fill a vector register.
typedef float pixel_sum __attribute__((vector_size(16)));
typedef int pixel_whole __attribute__((vector_size(16)));
typedef uint8_t pixel __attribute__((vector_size(4)));

static void emit(qdoc_area *area) {
    const float norm = (float)(1 / (area->scale_x * area->scale_y));
    const pixel_sum *sums = (const pixel_sum *)area->sums - area->first_column;
    uint8_t *line = line_of(area);
    const qdoc_area_column *column = area->columns;
    for (uint32_t x = 0; x < area->target.width; x++, column++) {
        pixel_sum total = sums[column->first] * column->first_weight;
        for (uint32_t i = column->first + 1; i < column->last; i++) total += sums[i];
        if (column->last > column->first) total += sums[column->last] * column->last_weight;
        // Weights that were rounded up make a little more than 255 of it at most: far from 256, at which it would turn over.
        pixel_whole whole = __builtin_convertvector(total * norm + 0.5f, pixel_whole);
        pixel out = __builtin_convertvector(whole, pixel);
        memcpy(line + (size_t)x * 4, &out, 4);
    }
    finish(area, line);
}

void qdoc_area_row(qdoc_area *area, const uint8_t *row) {
    const qdoc_image_target *target = &area->target;
    double y = area->next_source_row++;
    if (area->scale_x == 1 && area->scale_y == 1 && target->left == floor(target->left) && target->top == floor(target->top)) {
        if (y >= target->top && area->next_target_row < target->height) copy_row(area, row);
        return;
    }
    const uint8_t *in = row + (size_t)area->first_column * 4;
    while (area->next_target_row < target->height) {
        double top = target->top + area->next_target_row * area->scale_y;
        double bottom = top + area->scale_y;
        double from = y > top ? y : top;
        double to = y + 1 < bottom ? y + 1 : bottom;
        if (to > from) {
            (area->has_sums ? add_row : set_row)(area->sums, in, (size_t)area->column_count * 4, (float)(to - from));
            area->has_sums = 1;
        }
        // The last row is ended by the last source row, whatever rounding says.
        int is_complete = bottom <= y + 1 + 1e-9 || area->next_source_row == area->source_height;
        if (!is_complete) return;
        if (!area->has_sums) set_row(area->sums, in, (size_t)area->column_count * 4, (float)area->scale_y);
        emit(area);
        if (bottom >= y + 1 - 1e-9 && area->next_source_row < area->source_height) return;
    }
}

int qdoc_area_is_done(const qdoc_area *area) { return area->next_target_row >= area->target.height; }

void qdoc_area_end(qdoc_area *area) {
    free(area->sums);
    free(area->columns);
    free(area->line);
    qdoc_colour_close(area->colour);
    memset(area, 0, sizeof *area);
}
