"""Article -> Statement: quotations, sentences, cues, sources and contents joined by rules; all language knowledge is in `languages/`."""

from dipdata.statements.segmenter import segment, segment_articles

__all__ = ["segment", "segment_articles"]
