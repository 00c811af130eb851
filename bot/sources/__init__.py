"""Usage coming in, one file a tool."""
