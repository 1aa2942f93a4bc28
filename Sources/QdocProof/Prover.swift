import QdocCore

