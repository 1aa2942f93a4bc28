#include "CPageLayout.h"
#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <stdlib.h>
#include <string.h>

struct qdoc_layout {
    cairo_surface_t *surface;
    cairo_t *cairo;
    PangoContext *context;
    PangoLayout *layout;
    /// Of the paragraph that was laid out; they are the layout's.
    GSList *lines;
    int has_page;
    uint8_t *bytes;
    size_t count, capacity;
    int failed;
};

static cairo_status_t append(void *closure, const unsigned char *data, unsigned length) {
    struct qdoc_layout *layout = closure;
    if (layout->capacity - layout->count < length) {
        size_t capacity = layout->capacity * 2 + length + (1 << 16);
        uint8_t *grown = realloc(layout->bytes, capacity);
        if (!grown) {
            layout->failed = 1;
            return CAIRO_STATUS_NO_MEMORY;
        }
        layout->bytes = grown;
        layout->capacity = capacity;
    }
    memcpy(layout->bytes + layout->count, data, length);
    layout->count += length;
    return CAIRO_STATUS_SUCCESS;
}

struct qdoc_layout *qdoc_layout_new(void) {
    struct qdoc_layout *layout = calloc(1, sizeof *layout);
    if (!layout) return NULL;
    layout->surface = cairo_pdf_surface_create_for_stream(append, layout, 595, 842);
    layout->cairo = cairo_create(layout->surface);
    layout->context = pango_cairo_create_context(layout->cairo);
    // A point is a unit; whole pixels mean nothing on paper.
    pango_cairo_context_set_resolution(layout->context, 72);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(layout->context, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(layout->context, FALSE);
    layout->layout = pango_layout_new(layout->context);
    pango_layout_set_wrap(layout->layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_auto_dir(layout->layout, TRUE);
    qdoc_layout_font(layout, 9, 0);
    return layout;
}

void qdoc_layout_free(struct qdoc_layout *layout) {
    g_object_unref(layout->layout);
    g_object_unref(layout->context);
    cairo_destroy(layout->cairo);
    cairo_surface_destroy(layout->surface);
    free(layout->bytes);
    free(layout);
}

void qdoc_layout_page(struct qdoc_layout *layout, double width, double height) {
    if (layout->has_page) cairo_show_page(layout->cairo);
    layout->has_page = 1;
    cairo_pdf_surface_set_size(layout->surface, width, height);
}

double qdoc_layout_advance(struct qdoc_layout *layout) {
    // What the font says of itself is rounded to whole points.
    static const char digits[] = "0000000000000000";
    qdoc_layout_text(layout, digits, sizeof digits - 1, -1);
    return qdoc_layout_width(layout) / (double)(sizeof digits - 1);
}

void qdoc_layout_font(struct qdoc_layout *layout, double size, int bold) {
    PangoFontDescription *font = pango_font_description_from_string("DejaVu Sans Mono,monospace");
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout->layout, font);
    pango_font_description_free(font);
    int tab = (int)(8 * qdoc_layout_advance(layout) * PANGO_SCALE);
    PangoTabArray *tabs = pango_tab_array_new_with_positions(1, FALSE, PANGO_TAB_LEFT, tab > 0 ? tab : PANGO_SCALE);
    pango_layout_set_tabs(layout->layout, tabs);
    pango_tab_array_free(tabs);
}

int qdoc_layout_text(struct qdoc_layout *layout, const char *text, size_t count, double width) {
    pango_layout_set_width(layout->layout, width < 0 ? -1 : (int)(width * PANGO_SCALE));
    // An empty paragraph may have no address.
    pango_layout_set_text(layout->layout, count ? text : "", (int)count);
    layout->lines = pango_layout_get_lines_readonly(layout->layout);
    return pango_layout_get_line_count(layout->layout);
}

double qdoc_layout_width(struct qdoc_layout *layout) {
    PangoRectangle logical;
    pango_layout_get_extents(layout->layout, NULL, &logical);
    return (double)logical.width / PANGO_SCALE;
}

void qdoc_layout_draw(struct qdoc_layout *layout, int first, int count, double x, double y, double pitch) {
    double width = (double)pango_layout_get_width(layout->layout) / PANGO_SCALE;
    GSList *line = g_slist_nth(layout->lines, (guint)first);
    for (int i = 0; i < count && line; i++, line = line->next) {
        PangoLayoutLine *current = line->data;
        double left = x;
        // Right-to-left lines begin at the right.
        if (current->resolved_dir == PANGO_DIRECTION_RTL && width > 0) {
            PangoRectangle logical;
            pango_layout_line_get_extents(current, NULL, &logical);
            left += width - (double)logical.width / PANGO_SCALE;
        }
        cairo_move_to(layout->cairo, left, y + i * pitch);
        pango_cairo_show_layout_line(layout->cairo, current);
    }
}

void qdoc_layout_rule(struct qdoc_layout *layout, double x, double y, double to_x, double to_y, double thickness) {
    cairo_set_line_width(layout->cairo, thickness);
    cairo_move_to(layout->cairo, x, y);
    cairo_line_to(layout->cairo, to_x, to_y);
    cairo_stroke(layout->cairo);
}

int qdoc_layout_finish(struct qdoc_layout *layout, const uint8_t **bytes, size_t *count) {
    if (layout->has_page) cairo_show_page(layout->cairo);
    cairo_surface_finish(layout->surface);
    *bytes = layout->bytes;
    *count = layout->count;
    return layout->failed || cairo_surface_status(layout->surface) != CAIRO_STATUS_SUCCESS
                   || cairo_status(layout->cairo) != CAIRO_STATUS_SUCCESS
               ? -1
               : 0;
}
