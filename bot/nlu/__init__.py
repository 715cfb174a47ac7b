"""Understanding without a network: from a customer's words to acts."""
