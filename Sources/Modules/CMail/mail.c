#include "CMail.h"
#include <gmime/gmime.h>
#include <string.h>

enum { MAXIMUM_DEPTH = 16, MAXIMUM_PARTS = 1000 };

struct walk {
    struct qdoc_mail *mail;
    GString *plain, *html;
    GArray *attachments;
    int parts;
};

static const char *const fields[] = {"From", "To", "Cc", "Reply-To", "Date", "Subject"};

static char *read_headers(GMimeMessage *message) {
    GString *text = g_string_new(NULL);
    GMimeHeaderList *list = g_mime_object_get_header_list((GMimeObject *)message);
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        GMimeHeader *header = g_mime_header_list_get_header(list, fields[i]);
        const char *value = header ? g_mime_header_get_value(header) : NULL;
        if (!value) continue;
        char *valid = g_utf8_make_valid(value, -1);
        g_string_append_printf(text, "%s: %s\n", fields[i], valid);
        g_free(valid);
    }
    return g_string_free(text, FALSE);
}

static long long decoded_size(GMimeObject *object) {
    GMimeDataWrapper *content = GMIME_IS_PART(object) ? g_mime_part_get_content((GMimePart *)object) : NULL;
    if (!content) return -1;
    GMimeStream *nowhere = g_mime_stream_null_new();
    gint64 size = g_mime_data_wrapper_write_to_stream(content, nowhere) < 0 ? -1 : (gint64)((GMimeStreamNull *)nowhere)->written;
    g_object_unref(nowhere);
    return size;
}

static void attach(struct walk *walk, GMimeObject *object) {
    const char *name = GMIME_IS_PART(object) ? g_mime_part_get_filename((GMimePart *)object) : NULL;
    char *type = g_mime_content_type_get_mime_type(g_mime_object_get_content_type(object));
    struct qdoc_mail_attachment attachment = {
        .name = name ? g_utf8_make_valid(name, -1) : g_strdup(""), .type = type ? type : g_strdup(""), .size = decoded_size(object)};
    g_array_append_val(walk->attachments, attachment);
}

static int is_attached(GMimeObject *object) {
    const char *disposition = g_mime_object_get_disposition(object);
    return disposition && g_ascii_strcasecmp(disposition, "attachment") == 0;
}

static int read_text(GMimeObject *object, GString *into) {
    char *text = g_mime_text_part_get_text((GMimeTextPart *)object);
    if (!text) return 0;
    char *valid = g_utf8_make_valid(text, -1);
    if (into->len) g_string_append_c(into, '\n');
    g_string_append(into, valid);
    g_free(valid);
    g_free(text);
    return 1;
}

// An alternative is said in one way: its plain text, else its HTML.
static void visit(struct walk *walk, GMimeObject *object, int depth, int is_alternative) {
    if (depth > MAXIMUM_DEPTH || ++walk->parts > MAXIMUM_PARTS) {
        walk->mail->is_cut = 1;
        return;
    }
    if (GMIME_IS_MULTIPART(object)) {
        GMimeContentType *type = g_mime_object_get_content_type(object);
        int alternative = g_mime_content_type_is_type(type, "multipart", "alternative");
        int count = g_mime_multipart_get_count((GMimeMultipart *)object);
        for (int i = 0; i < count && !walk->mail->is_cut; i++)
            visit(walk, g_mime_multipart_get_part((GMimeMultipart *)object, i), depth + 1, alternative);
        return;
    }
    if (GMIME_IS_TEXT_PART(object) && !is_attached(object)) {
        GMimeContentType *type = g_mime_object_get_content_type(object);
        if (g_mime_content_type_is_type(type, "text", "plain") && read_text(object, walk->plain)) return;
        if (g_mime_content_type_is_type(type, "text", "html") && read_text(object, walk->html)) return;
        if (is_alternative) return;
    }
    attach(walk, object);
}

struct qdoc_mail *qdoc_mail_parse(const void *bytes, size_t count) {
    g_mime_init();
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, count);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    g_mime_parser_set_format(parser, count >= 5 && memcmp(bytes, "From ", 5) == 0 ? GMIME_FORMAT_MBOX : GMIME_FORMAT_MESSAGE);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    g_object_unref(parser);
    g_object_unref(stream);
    if (!message) return NULL;
    struct qdoc_mail *mail = g_new0(struct qdoc_mail, 1);
    struct walk walk = {
        .mail = mail, .plain = g_string_new(NULL), .html = g_string_new(NULL),
        .attachments = g_array_new(FALSE, FALSE, sizeof(struct qdoc_mail_attachment))};
    mail->headers = read_headers(message);
    GMimeObject *root = g_mime_message_get_mime_part(message);
    if (root) visit(&walk, root, 0, 0);
    mail->body_is_html = walk.plain->len == 0 && walk.html->len > 0;
    mail->body = g_string_free(mail->body_is_html ? walk.html : walk.plain, FALSE);
    g_string_free(mail->body_is_html ? walk.plain : walk.html, TRUE);
    mail->attachment_count = (int)walk.attachments->len;
    mail->attachments = (struct qdoc_mail_attachment *)(void *)g_array_free(walk.attachments, FALSE);
    g_object_unref(message);
    return mail;
}

void qdoc_mail_free(struct qdoc_mail *mail) {
    for (int i = 0; i < mail->attachment_count; i++) {
        g_free(mail->attachments[i].name);
        g_free(mail->attachments[i].type);
    }
    g_free(mail->attachments);
    g_free(mail->headers);
    g_free(mail->body);
    g_free(mail);
}
