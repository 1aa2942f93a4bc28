#include "CPageText.h"
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

long qdoc_text_words(qdoc_text_document *document, int number, const qdoc_text_word **words, const char **text) {
    try {
        document->words.clear();
        document->text.clear();
        std::unique_ptr<poppler::page> page(document->document->create_page(number));
        if (!page) return -1;
        for (const poppler::text_box &box : page->text_list(poppler::page::text_list_include_font)) {
            poppler::ustring letters = box.text();
            poppler::byte_array bytes = letters.to_utf8();
            if (bytes.empty()) continue;
            poppler::rectf frame = box.bbox();
            poppler::rectf first = box.char_bbox(0), last = box.char_bbox(letters.length() - 1);
            std::string font = box.get_font_name();
            size_t start = document->text.size();
            document->words.push_back({start, bytes.size(), start + bytes.size(), font.size(), frame.x(), frame.y(), frame.width(),
                                       frame.height(), first.x(), last.x(), box.get_font_size(), box.rotation(), box.has_space_after()});
            document->text.append(bytes.begin(), bytes.end()).append(font);
        }
        *words = document->words.data();
        *text = document->text.data();
        return static_cast<long>(document->words.size());
    } catch (...) {
        return -1;
    }
}
