public import QdocCore

/// A page as a question shows it: by images, by its own words, or by both.
public struct PromptPage: Sendable {
    public var reference: PageReference
    /// By which an answer names what it was read from where no image shows the page: unique among the images of the run.
    public var number: Int
    public var images: [EncodedImage]
    /// The words that the document itself stores, in lines; nil where they are not shown.
    public var words: String?

    public init(reference: PageReference, number: Int, images: [EncodedImage], words: String? = nil) {
        self.reference = reference
        self.number = number
        self.images = images
        self.words = words
    }
}

/// What is asked of the pages, in the pipeline's words.
public struct PromptTask: Sendable, Hashable {
    /// What to find out.
    public var instructions: String
    /// The one question whose answer is wanted, beside the instructions or instead of them.
    public var question: String?
    /// BCP 47 tag of the language of what the model says in its own words; nil for the language of the pages.
    public var language: String?
    /// Of the answer, as the user wrote it; the model is asked for the form derived from it.
    public var schema: JSONValue

    public init(instructions: String, question: String? = nil, language: String? = nil, schema: JSONValue) {
        self.instructions = instructions
        self.question = question
        self.language = language
        self.schema = schema
    }
}
