"""Article -> Statement: quotations, sentences, cues, sources and contents joined by rules; all language knowledge is in `languages/`.

`segmenter` -> `attribute` -> `quotes`, `tokens`, `cues`, then `reading`, which hands a cue to the modules of the language's word order:

- fixed (English, French, German, Spanish, Portuguese): `finite`, `dependents`, `objects`, `beside` and `prepositions` read cues with what
  `verbgroups`, `nounphrases`, `sources`, `complements` and `contents` tell
- free, with cases (Russian, Czech): `declined`, `declinedobjects`, `insertions` and `attributing`, with `freegroups`, `cases`, `clauses`
  and `subjects`
- verb first (Arabic): `verbfirst` and `nominal`, with `freegroups`, `nouns`, `phrases`, `markers` and `speakers`

`groups` holds a cue as it stands in a sentence, `relations` finds addressees and chains, `confidence` how far to trust a statement.
`packs`, `grammar`, `paradigms`, `clitics`, `homonyms` and `governed` make and hold a language; `crf`, `features` and `sequence` are the
engine that is trained, `corrections` what it learns from; `scoring`, `errors`, `evaluation` and `benchform` measure either engine;
`frozen` keeps statements that are annotated.
"""

from dipdata.statements.segmenter import segment, segment_articles

__all__ = ["segment", "segment_articles"]
