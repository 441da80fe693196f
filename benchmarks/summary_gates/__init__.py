"""What gates let pass and what they catch: human references, and faults planted in them."""
