"""PayPal: `build` and `read` (pure), `client` (HTTP), `signature` (webhooks), and `adapter`, which joins them."""
