"""The lowest room: database, clock, ids, money, errors, jobs. Knows nothing of shops or chats."""
