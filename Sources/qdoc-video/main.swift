// The video child of qdoc.
import QdocDecoding

print("qdoc-video \(DecoderBuild.id)")
