#ifndef QDOC_MAIL_H
#define QDOC_MAIL_H
#include <stddef.h>

// A mail message (RFC 5322, MIME), taken apart by GMime.

struct qdoc_mail_attachment {
    /// UTF-8; empty where it has none.
    char *name;
    char *type;
    /// Bytes after decoding; negative where they cannot be decoded.
    long long size;
};

struct qdoc_mail {
    /// Header fields as "Name: value" lines of UTF-8, in the order of reading.
    char *headers;
    /// UTF-8; empty where the message has no text.
    char *body;
    int body_is_html;
    struct qdoc_mail_attachment *attachments;
    int attachment_count;
    /// Parts beyond the limits of depth (16) or number (1,000) were left out.
    int is_cut;
};

/// Takes a message apart. NULL where it is none. Freed by `qdoc_mail_free`.
struct qdoc_mail *qdoc_mail_parse(const void *bytes, size_t count);
void qdoc_mail_free(struct qdoc_mail *mail);

#endif
