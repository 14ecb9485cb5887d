"""Records <-> the forms of other tools: brat, CoNLL, UIMA CAS, CSV and plain JSONL. Pure functions between records and text."""
