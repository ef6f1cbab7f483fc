"""What may be: pure functions over values, importing nothing but the standard library and each other."""
