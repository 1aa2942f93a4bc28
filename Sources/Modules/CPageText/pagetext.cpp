#include "CPageText.h"
#include <algorithm>
#include <climits>
#include <memory>
#include <string>
#include <vector>
#include <poppler-document.h>
#include <poppler-global.h>
#include <poppler-page.h>

struct qdoc_text_document {
    std::unique_ptr<poppler::document> document;
    std::vector<qdoc_text_word> words;
    std::string text;
};

static void keep_silent(const std::string &, void *) {}

qdoc_text_document *qdoc_text_open(const char *bytes, size_t count, const char *password) {
    if (count > INT_MAX) return nullptr;
    try {
        poppler::set_debug_error_function(keep_silent, nullptr);
        std::string key = password ? password : "";
        std::unique_ptr<poppler::document> document(poppler::document::load_from_raw_data(bytes, static_cast<int>(count), key, key));
        if (!document || document->is_locked()) return nullptr;
        return new qdoc_text_document{std::move(document), {}, {}};
    } catch (...) {
        return nullptr;
    }
}

void qdoc_text_close(qdoc_text_document *document) { delete document; }

int qdoc_text_rotation(qdoc_text_document *document, int number) {
    try {
        std::unique_ptr<poppler::page> page(document->document->create_page(number));
        if (!page) return 0;
        switch (page->orientation()) {
        case poppler::page::landscape: return 90;
        case poppler::page::upside_down: return 180;
        case poppler::page::seascape: return 270;
        default: return 0;
        }
    } catch (...) {
        return 0;
    }
}

// Appends a character in UTF-8 and returns it; `at` moves behind it.
static uint32_t take(const poppler::ustring &letters, size_t &at, std::string &text) {
    uint32_t code = letters[at++];
    if (code >= 0xD800 && code < 0xDC00 && at < letters.length()) code = 0x10000 + ((code - 0xD800) << 10) + (letters[at++] - 0xDC00u);
    if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) code = 0xFFFD;
    if (code < 0x80) {
        text += static_cast<char>(code);
    } else {
        int tail = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
        static const int heads[] = {0, 0xC0, 0xE0, 0xF0};
        text += static_cast<char>(heads[tail] | code >> (6 * tail));
        while (tail-- > 0) text += static_cast<char>(0x80 | (code >> (6 * tail) & 0x3F));
    }
    return code;
}

static bool is_space(uint32_t code) { return code <= 0x20 || code == 0xA0 || (code >= 0x2000 && code <= 0x200A) || code == 0x3000; }

// A box of poppler may hold spaces: each run between them is a word.
static void add(qdoc_text_document &document, const poppler::text_box &box) {
    poppler::ustring letters = box.text();
    std::string font = box.get_font_name();
    poppler::rectf frame = box.bbox();
    size_t font_start = document.text.size();
    document.text += font;
    size_t at = 0, glyph = 0, first = document.words.size();
    bool is_open = false;
    while (at < letters.length()) {
        size_t start = document.text.size();
        bool separates = is_space(take(letters, at, document.text));
        poppler::rectf place = box.char_bbox(glyph++);
        if (separates) {
            if (is_open) document.words.back().has_space_after = 1;
            document.text.resize(start);
            is_open = false;
            continue;
        }
        // Ligatures have fewer boxes than letters.
        if (place.width() == 0 && place.height() == 0) place = frame;
        double middle = (place.left() + place.right()) / 2;
        if (!is_open) {
            document.words.push_back({start, 0, font_start, font.size(), place.left(), place.top(), place.right(), place.bottom(),
                                      0, 0, box.get_font_size(), box.rotation(), 0});
            document.words.back().first_x = middle;
            is_open = true;
        }
        qdoc_text_word &word = document.words.back();
        word.last_x = middle;
        word.text_count = document.text.size() - word.text_start;
        word.left = std::min({word.left, place.left(), place.right()});
        word.right = std::max({word.right, place.left(), place.right()});
        word.top = std::min({word.top, place.top(), place.bottom()});
        word.bottom = std::max({word.bottom, place.top(), place.bottom()});
    }
    if (is_open && document.words.size() > first && box.has_space_after()) document.words.back().has_space_after = 1;
}

long qdoc_text_words(qdoc_text_document *document, int number, const qdoc_text_word **words, const char **text) {
    try {
        document->words.clear();
        document->text.clear();
        std::unique_ptr<poppler::page> page(document->document->create_page(number));
        if (!page) return -1;
        for (const poppler::text_box &box : page->text_list(poppler::page::text_list_include_font)) add(*document, box);
        *words = document->words.data();
        *text = document->text.data();
        return static_cast<long>(document->words.size());
    } catch (...) {
        return -1;
    }
}
