"""Stripe: `build` and `read` (pure), and `adapter`, which asks and answers."""
