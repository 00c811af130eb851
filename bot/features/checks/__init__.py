"""What an operator can get wrong, a line each."""
