"""Who was paid: suppliers' names, and the provider types that they seem to be of."""
