#ifndef QDOC_SCHEMA_VALIDATOR_H
#define QDOC_SCHEMA_VALIDATOR_H
#include <stdbool.h>
#include <stddef.h>

// valijson and RE2 behind C: no exception leaves these functions.

#ifdef __cplusplus
extern "C" {
#endif

typedef struct qdoc_schema qdoc_schema;
typedef struct qdoc_pattern qdoc_pattern;

/// The keyword under which `pattern` arrives here, so that valijson's own (`std::regex`, which overflows the stack) never sees one.
/// Its value is the pattern, or a list of a pattern and the name of the format that it stands for.
#define QDOC_PATTERN_KEYWORD "pattern by RE2"

/// Compiles a schema given as UTF-8 JSON. Returns NULL and writes a terminated reason where it cannot.
qdoc_schema *qdoc_schema_create(const char *json, size_t length, char *reason, size_t capacity);
void qdoc_schema_destroy(qdoc_schema *schema);

/// Validates an instance given as UTF-8 JSON.
/// Returns JSON, `[[[token, …], message], …]`, that the caller frees with `qdoc_text_free`; `[]` of a valid instance; NULL where memory
/// or the instance's own form fails. At most `limit` violations are listed.
char *qdoc_schema_violations(const qdoc_schema *schema, const char *json, size_t length, size_t limit, size_t *written);
void qdoc_text_free(char *text);

/// Compiles a regular expression of RE2. Returns NULL and writes a terminated reason where it cannot.
qdoc_pattern *qdoc_pattern_create(const char *pattern, size_t length, char *reason, size_t capacity);
void qdoc_pattern_destroy(qdoc_pattern *pattern);
/// Whether the pattern matches anywhere in the text. Linear in the text.
bool qdoc_pattern_matches(const qdoc_pattern *pattern, const char *text, size_t length);

#ifdef __cplusplus
}
#endif
#endif
