"""Rectified flow: x_t = (1 - t) x_0 + t n, velocity n - x_0."""
