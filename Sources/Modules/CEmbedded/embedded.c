#include "qdoc_embedded.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char report[] = {
#embed "../../../pipelines/report.yaml"
};

static const unsigned char catalogue[] = {
#embed "../../../models/catalogue.yaml"
};

static const struct qdoc_embedded_file pipelines[] = {
    {"report", report, sizeof report},
};

struct qdoc_embedded_file qdoc_embedded_pipeline(int index) {
    struct qdoc_embedded_file none = {NULL, NULL, 0};
    int count = (int)(sizeof pipelines / sizeof *pipelines);
    return index >= 0 && index < count ? pipelines[index] : none;
}

struct qdoc_embedded_file qdoc_embedded_catalogue(void) {
    struct qdoc_embedded_file file = {"catalogue", catalogue, sizeof catalogue};
    return file;
}
