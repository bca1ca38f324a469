"""What the actions of units share. It runs in the transaction of the action."""
