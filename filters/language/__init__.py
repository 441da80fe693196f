"""The language of documents: fastText lid.176 on the extracted text."""
