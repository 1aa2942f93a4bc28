#ifndef QDOC_PAGE_TEXT_H
#define QDOC_PAGE_TEXT_H
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// What poppler-glib does not give: the rotation of a page, and words where its text and its boxes do not match.
// No exception leaves these functions.

typedef struct qdoc_text_document qdoc_text_document;

/// A word of a page: its text is `text_count` bytes of UTF-8 from `text_start` on, the name of its font stands likewise.
typedef struct {
    size_t text_start, text_count;
    size_t font_start, font_count;
    double left, top, right, bottom;
    /// Middles of the first and the last letter.
    double first_x, last_x;
    double font_size;
    /// Clockwise quarters of a turn.
    int rotation;
    int has_space_after;
} qdoc_text_word;

/// Opens a document that poppler has opened before with the same password; NULL where it cannot. The bytes are not copied.
qdoc_text_document *qdoc_text_open(const char *bytes, size_t count, const char *password);
void qdoc_text_close(qdoc_text_document *document);
/// Clockwise degrees that a page, from 0, is turned by; 0 where it is not known.
int qdoc_text_rotation(qdoc_text_document *document, int page);
/// Reads the words of a page in reading order. They stay valid until the next call. Returns their number, or -1.
long qdoc_text_words(qdoc_text_document *document, int page, const qdoc_text_word **words, const char **text);

#ifdef __cplusplus
}
#endif
#endif
