#include "qdoc_embedded.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char chart[] = {
#embed "../../../pipelines/chart.yaml"
};

static const unsigned char classify[] = {
#embed "../../../pipelines/classify.yaml"
};

static const unsigned char compare[] = {
#embed "../../../pipelines/compare.yaml"
};

static const unsigned char compliance[] = {
#embed "../../../pipelines/compliance.yaml"
};

static const unsigned char diagram[] = {
#embed "../../../pipelines/diagram.yaml"
};

static const unsigned char fields[] = {
#embed "../../../pipelines/fields.yaml"
};

static const unsigned char figure[] = {
#embed "../../../pipelines/figure.yaml"
};

static const unsigned char invoice[] = {
#embed "../../../pipelines/invoice.yaml"
};

static const unsigned char problem[] = {
#embed "../../../pipelines/problem.yaml"
};

static const unsigned char question[] = {
#embed "../../../pipelines/question.yaml"
};

static const unsigned char report[] = {
#embed "../../../pipelines/report.yaml"
};

static const unsigned char screenshot[] = {
#embed "../../../pipelines/screenshot.yaml"
};

static const unsigned char summary[] = {
#embed "../../../pipelines/summary.yaml"
};

static const unsigned char tables[] = {
#embed "../../../pipelines/tables.yaml"
};

static const unsigned char video[] = {
#embed "../../../pipelines/video.yaml"
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
    {"chart", chart, sizeof chart},
    {"classify", classify, sizeof classify},
    {"compare", compare, sizeof compare},
    {"compliance", compliance, sizeof compliance},
    {"diagram", diagram, sizeof diagram},
    {"fields", fields, sizeof fields},
    {"figure", figure, sizeof figure},
    {"invoice", invoice, sizeof invoice},
    {"problem", problem, sizeof problem},
    {"question", question, sizeof question},
    {"report", report, sizeof report},
    {"screenshot", screenshot, sizeof screenshot},
    {"summary", summary, sizeof summary},
    {"tables", tables, sizeof tables},
    {"video", video, sizeof video},
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
