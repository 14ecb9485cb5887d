"""raw/ -> Article: readers, encodings, cleaning, language, zones."""
