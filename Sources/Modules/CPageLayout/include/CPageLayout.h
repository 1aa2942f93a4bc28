#ifndef QDOC_PAGE_LAYOUT_H
#define QDOC_PAGE_LAYOUT_H
#include <stddef.h>
#include <stdint.h>

// Pages of text, laid out by pango, drawn by cairo into a PDF in memory. Lengths are points, from the top left.

struct qdoc_layout;

/// A PDF without pages; NULL where there is no memory. Freed by `qdoc_layout_free`.
struct qdoc_layout *qdoc_layout_new(void);
void qdoc_layout_free(struct qdoc_layout *layout);
/// Begins a page.
void qdoc_layout_page(struct qdoc_layout *layout, double width, double height);
/// Chooses how the next texts are set: fixed width, `size` points high, lines `pitch` apart, tabs every eight characters.
void qdoc_layout_font(struct qdoc_layout *layout, double size, int bold);
/// The width of a character of the font.
double qdoc_layout_advance(struct qdoc_layout *layout);
/// Lays out one paragraph of UTF-8 without line ends, wrapped at `width` (negative: not wrapped). Returns its lines, at least 1.
int qdoc_layout_text(struct qdoc_layout *layout, const char *text, size_t count, double width);
/// The width of the paragraph that was laid out.
double qdoc_layout_width(struct qdoc_layout *layout);
/// Draws lines of the paragraph from `first` on, the first one's foot at `y`, each `pitch` below the last.
void qdoc_layout_draw(struct qdoc_layout *layout, int first, int count, double x, double y, double pitch);
/// Draws a ruling line.
void qdoc_layout_rule(struct qdoc_layout *layout, double x, double y, double to_x, double to_y, double thickness);
/// Ends the PDF. Its bytes are the layout's. 0, or -1 where there was no memory.
int qdoc_layout_finish(struct qdoc_layout *layout, const uint8_t **bytes, size_t *count);

#endif
