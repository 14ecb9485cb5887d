"""The annotation store, agreement and adjudication."""
