"""What whoever runs the bot can see and do: counts, metrics, health, and single deliveries by their opaque id."""
