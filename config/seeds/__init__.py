"""What a place starts with: the shipped defaults, and Sumenep for the training place (data/README.md)."""
