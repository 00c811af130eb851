"""What the bot does, one file a thing; speaks to ports and core only."""
