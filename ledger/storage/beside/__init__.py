"""What lies beside the warehouse in a home: the number of its form, and what the warehouse alone knows."""
