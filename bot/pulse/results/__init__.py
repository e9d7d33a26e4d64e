"""What everybody sees of the pulses that have closed, all at the same moment."""
