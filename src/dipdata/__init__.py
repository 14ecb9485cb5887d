"""dipdata: a dataset of diplomatic statements and the toolkit that makes it."""
