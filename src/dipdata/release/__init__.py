"""Records -> an immutable, versioned folder that load_dataset reads."""
