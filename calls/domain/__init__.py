"""What the actions of calls share: the projection, locks, the offer. It runs in the transaction of the action."""
