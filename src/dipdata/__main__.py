"""`python -m dipdata`."""

from dipdata.cli import main

main()
