#define VALIJSON_USE_EXCEPTIONS 1

#include "CSchemaValidator.h"

#include <pthread.h>
#include <re2/re2.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <nlohmann/json.hpp>
#include <string>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

namespace {

using valijson::adapters::NlohmannJsonAdapter;

RE2::Options patternOptions() {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(8 << 20);
    return options;
}

struct PatternConstraint : valijson::constraints::PolyConstraint {
    std::string pattern;
    // Of a format that the pattern stands for; else empty.
    std::string format;
    std::shared_ptr<const RE2> expression;

    PatternConstraint(std::string text, std::string formatName)
        : pattern(std::move(text)), format(std::move(formatName)), expression(std::make_shared<RE2>(pattern, patternOptions())) {
        if (!expression->ok()) throw std::runtime_error("the pattern " + pattern + " is not one of RE2: " + expression->error());
    }

    bool validate(const valijson::adapters::Adapter &target, const std::vector<std::string> &context,
                  valijson::ValidationResults *results) const override {
        if (!target.isString() || RE2::PartialMatch(target.asString(), *expression)) return true;
        std::string message = format.empty() ? "String does not match the pattern '" + pattern + "'."
                                             : "String is not of the format '" + format + "'.";
        if (results) results->pushError(context, message);
        return false;
    }

  private:
    valijson::constraints::Constraint *cloneInto(void *storage) const override { return new (storage) PatternConstraint(*this); }
    size_t sizeOf() const override { return sizeof(PatternConstraint); }
};

struct PatternBuilder : valijson::ConstraintBuilder {
    valijson::constraints::Constraint *make(const valijson::adapters::Adapter &value) const override {
        std::vector<std::string> texts;
        if (value.isArray()) {
            value.applyToArray([&](const valijson::adapters::Adapter &element) {
                texts.push_back(element.asString());
                return true;
            });
        }
        if (texts.size() == 2) return new PatternConstraint(texts[0], texts[1]);
        return new PatternConstraint(value.asString(), "");
    }
};

void writeReason(const char *text, char *reason, size_t capacity) {
    if (capacity == 0) return;
    std::strncpy(reason, text, capacity - 1);
    reason[capacity - 1] = 0;
}

// valijson recurses over schema and instance, some 5 KiB a level: a thread with its own 64 MiB (committed as touched) holds every
// schema and instance within the bounds that the caller checks, whatever thread the caller is on.
constexpr size_t stackSize = 64 << 20;

template <typename Body>
bool onDeepStack(Body body) {
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) return false;
    pthread_t thread;
    bool started = pthread_attr_setstacksize(&attributes, stackSize) == 0 &&
                   pthread_create(
                       &thread, &attributes,
                       [](void *argument) -> void * {
                           (*static_cast<Body *>(argument))();
                           return nullptr;
                       },
                       &body) == 0;
    pthread_attr_destroy(&attributes);
    return started && pthread_join(thread, nullptr) == 0;
}

// "Failed to validate against schema associated with …" only repeats, one level up, what a child says.
bool repeatsChild(const valijson::ValidationResults::Error &error) {
    static const char *const prefixes[] = {"Failed to validate against schema associated", "Failed to validate item #",
                                           "Failed to validate against child schema"};
    for (const char *prefix : prefixes) {
        if (error.description.compare(0, std::strlen(prefix), prefix) == 0) return true;
    }
    return false;
}

nlohmann::json tokens(const std::vector<std::string> &context) {
    auto list = nlohmann::json::array();
    for (size_t index = 1; index < context.size(); ++index) {
        const std::string &step = context[index];
        // `["name"]` or `[3]`.
        bool isName = step.size() >= 4 && step[1] == '"';
        list.push_back(isName ? step.substr(2, step.size() - 4) : step.size() > 2 ? step.substr(1, step.size() - 2) : step);
    }
    return list;
}

std::string describe(const valijson::ValidationResults &results, bool isValid, size_t limit) {
    auto list = nlohmann::json::array();
    for (const auto &error : results) {
        if (list.size() >= limit) break;
        if (!repeatsChild(error)) list.push_back({tokens(error.context), error.description});
    }
    for (const auto &error : results) {
        if (isValid || !list.empty()) break;
        list.push_back({tokens(error.context), error.description});
    }
    // A `false` schema refuses without a word.
    if (!isValid && list.empty()) list.push_back({nlohmann::json::array(), "Value not permitted by the schema."});
    return list.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

struct qdoc_schema {
    valijson::Schema schema;
};

struct qdoc_pattern {
    RE2 expression;
    explicit qdoc_pattern(const std::string &text) : expression(text, patternOptions()) {}
};

extern "C" qdoc_schema *qdoc_schema_create(const char *json, size_t length, char *reason, size_t capacity) {
    qdoc_schema *made = nullptr;
    bool ran = onDeepStack([&] {
        try {
            auto document = nlohmann::json::parse(json, json + length);
            auto schema = std::make_unique<qdoc_schema>();
            valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
            // The parser deletes its builders.
            parser.addConstraintBuilder(QDOC_PATTERN_KEYWORD, new PatternBuilder());
            parser.populateSchema(NlohmannJsonAdapter(document), schema->schema);
            made = schema.release();
        } catch (const std::exception &error) {
            writeReason(error.what(), reason, capacity);
        } catch (...) {
            writeReason("unknown fault", reason, capacity);
        }
    });
    if (!ran) writeReason("no thread could be started", reason, capacity);
    return made;
}

extern "C" void qdoc_schema_destroy(qdoc_schema *schema) { delete schema; }

extern "C" char *qdoc_schema_violations(const qdoc_schema *schema, const char *json, size_t length, size_t limit, size_t *written) {
    char *text = nullptr;
    *written = 0;
    onDeepStack([&] {
        try {
            auto document = nlohmann::json::parse(json, json + length);
            valijson::ValidationResults results;
            bool isValid = valijson::Validator().validate(schema->schema, NlohmannJsonAdapter(document), &results);
            std::string list = describe(results, isValid, limit);
            text = static_cast<char *>(std::malloc(list.size() + 1));
            if (!text) return;
            std::memcpy(text, list.data(), list.size());
            text[list.size()] = 0;
            *written = list.size();
        } catch (...) {
            text = nullptr;
        }
    });
    return text;
}

extern "C" void qdoc_text_free(char *text) { std::free(text); }

extern "C" qdoc_pattern *qdoc_pattern_create(const char *pattern, size_t length, char *reason, size_t capacity) {
    try {
        auto made = std::make_unique<qdoc_pattern>(std::string(pattern, length));
        if (made->expression.ok()) return made.release();
        writeReason(made->expression.error().c_str(), reason, capacity);
    } catch (...) {
        writeReason("out of memory", reason, capacity);
    }
    return nullptr;
}

extern "C" void qdoc_pattern_destroy(qdoc_pattern *pattern) { delete pattern; }

extern "C" bool qdoc_pattern_matches(const qdoc_pattern *pattern, const char *text, size_t length) {
    return RE2::PartialMatch(re2::StringPiece(text, length), pattern->expression);
}
