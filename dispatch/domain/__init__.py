"""What the actions of dispatch share: locks, states, stamps, offers. Each function runs in the action's transaction."""
