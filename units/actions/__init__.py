"""Every change of units, stations and positions: one module for each matter."""
