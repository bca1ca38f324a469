"""The doors of exchanges and operators; those of calls stand in dispatch, which knows their incidents."""
