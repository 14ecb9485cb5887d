"""What validate proves, one family a file."""
