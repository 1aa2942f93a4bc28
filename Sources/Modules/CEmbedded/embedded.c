#include "qdoc_embedded.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char report[] = {
#embed "../../../pipelines/report.yaml"
};

static const unsigned char catalogue[] = {
#embed "../../../models/catalogue.yaml"
};

static const unsigned char page[] = {
#embed "../../../templates/report.html"
};

static const unsigned char style[] = {
#embed "../../../templates/report.css"
};

static const unsigned char script[] = {
#embed "../../../templates/report.js"
};

static const struct qdoc_embedded_file templates[] = {
    {"page", page, sizeof page},
    {"style", style, sizeof style},
    {"script", script, sizeof script},
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

struct qdoc_embedded_file qdoc_embedded_template(int index) {
    struct qdoc_embedded_file none = {NULL, NULL, 0};
    int count = (int)(sizeof templates / sizeof *templates);
    return index >= 0 && index < count ? templates[index] : none;
}
